import { useCallback, useEffect, useRef } from 'react'
import { Problem } from '../api/http.ts'
import { type Refusal, setAnswer, useAnswers } from '../stores/answers.ts'
import { epoch } from '../stores/epoch.ts'

export interface Asked<T> {
  readonly value: T | null
  readonly refusal: Refusal | null
  readonly busy: boolean
  readonly reload: () => void
}

const FRESH = 10_000
/** When Proxmox was asked enough for a while, it is asked again without anybody's doing. */
const AGAIN = 10_000

export function refusalOf(problem: unknown): Refusal {
  if (problem instanceof Problem) {
    const { status, code, message, cure } = problem
    // The lines stand below with a button that copies them.
    const words = cure.length > 0 ? message.replace(/\s*Paste on a node.*$/s, '') : message
    return { status, code, words, cure }
  }
  const words = problem instanceof Error ? problem.message : 'It could not be read'
  return { status: 0, code: '', words, cure: [] }
}

async function ask(key: string, load: () => Promise<unknown>): Promise<void> {
  const askedAt = Date.now()
  const asker = epoch()
  // A late answer must not take the place of a newer one, nor reach whoever sits here next.
  const isStale = () => epoch() !== asker || (useAnswers.getState().all[key]?.askedAt ?? 0) > askedAt
  setAnswer(key, (old) => ({ value: old?.value ?? null, refusal: old?.refusal ?? null, busy: true, askedAt }))
  try {
    const value = await load()
    if (isStale()) return
    setAnswer(key, () => ({ value, refusal: null, busy: false, askedAt }))
  } catch (problem) {
    if (isStale()) return
    const refusal = refusalOf(problem)
    setAnswer(key, (old) => ({ value: old?.value ?? null, refusal, busy: false, askedAt }))
  }
}

/** What the server answers to a question asked when somebody looks; `key` names it, null asks nothing.
 * A failed reload keeps what was there. */
export function useAnswer<T>(key: string | null, load: () => Promise<T>): Asked<T> {
  const latest = useRef(load)
  latest.current = load
  const answer = useAnswers((state) => (key === null ? undefined : state.all[key]))
  // What was forgotten while it is looked at is asked for anew.
  const forgotten = answer === undefined
  useEffect(() => {
    if (key === null) return
    const known = forgotten ? undefined : useAnswers.getState().all[key]
    if (known?.busy || (known && !known.refusal && Date.now() - known.askedAt < FRESH)) return
    void ask(key, () => latest.current())
  }, [key, forgotten])
  const reload = useCallback(() => {
    if (key !== null) void ask(key, () => latest.current())
  }, [key])
  const spent = answer?.refusal?.code === 'OBSERVER_BUDGET' && !answer.busy
  useEffect(() => {
    if (!spent) return
    const again = setTimeout(reload, AGAIN)
    return () => clearTimeout(again)
  }, [spent, reload])
  return {
    value: (answer?.value ?? null) as T | null,
    refusal: answer?.refusal ?? null,
    busy: answer?.busy ?? key !== null,
    reload,
  }
}
