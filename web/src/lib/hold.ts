import { useEffect, useRef, useState } from 'react'

export interface Held {
  readonly holding: boolean
  readonly down: () => void
  readonly up: () => void
}

/** Calls `done` once the press has lasted that many milliseconds; letting go before calls nothing. */
export function useHold(milliseconds: number, done: () => void): Held {
  const [holding, setHolding] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const latest = useRef(done)
  latest.current = done
  const up = () => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    setHolding(false)
  }
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
    },
    [],
  )
  const down = () => {
    if (timer.current !== null) return
    setHolding(true)
    timer.current = setTimeout(() => {
      up()
      latest.current()
    }, milliseconds)
  }
  return { holding, down, up }
}
