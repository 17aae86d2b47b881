import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react'
import { useSession } from './session.ts'

/** What was being typed when a session ended by itself, for whoever comes back under the same name. */
const kept = new Map<string, unknown>()

const keyOf = (user: string | null, name: string) => `${user ?? ''}\n${name}`

/** Leaves nobody else's words. */
export function keepDraftsOf(user: string | null): void {
  for (const key of kept.keys()) if (!key.startsWith(keyOf(user, ''))) kept.delete(key)
}

/** State that outlives the end of a session, until the same person has signed in again. */
export function useDraft<T>(name: string, blank: T): readonly [T, Dispatch<SetStateAction<T>>] {
  const [user] = useState(() => useSession.getState().user)
  const key = keyOf(user, name)
  const [value, setValue] = useState<T>(() => (kept.has(key) ? (kept.get(key) as T) : blank))
  const latest = useRef(value)
  latest.current = value
  useEffect(() => {
    kept.delete(key)
    return () => {
      const { status, expired } = useSession.getState()
      if (status === 'signedOut' && expired && user !== null) kept.set(key, latest.current)
    }
  }, [key, user])
  return [value, setValue]
}
