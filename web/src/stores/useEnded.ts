import { useEffect, useRef } from 'react'
import { isOver, useActs } from './acts.ts'

/** Calls back whenever something that a person asked for here has ended. */
export function useEnded(then: () => void): void {
  const ended = useActs(({ all }) => [...all.values()].filter(isOver).length)
  const before = useRef(ended)
  const latest = useRef(then)
  latest.current = then
  useEffect(() => {
    if (before.current === ended) return
    before.current = ended
    latest.current()
  }, [ended])
}
