import { useRef, useState } from 'react'
import type { Refusal } from '../stores/answers.ts'
import { refusalOf } from './useAnswer.ts'

export interface Order {
  readonly busy: boolean
  readonly refusal: Refusal | null
  /** False when it was refused, or when the one before is still under way. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>
  readonly clear: () => void
}

/** Something asked of the server by a person: one at a time, its refusal in the server's words. */
export function useOrder(): Order {
  const [state, setState] = useState<{ busy: boolean; refusal: Refusal | null }>({
    busy: false,
    refusal: null,
  })
  const running = useRef(false)
  return {
    ...state,
    run: async (work) => {
      if (running.current) return false
      running.current = true
      setState({ busy: true, refusal: null })
      try {
        await work()
        setState({ busy: false, refusal: null })
        return true
      } catch (problem) {
        setState({ busy: false, refusal: refusalOf(problem) })
        return false
      } finally {
        running.current = false
      }
    },
    clear: () => setState({ busy: false, refusal: null }),
  }
}
