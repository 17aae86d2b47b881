import { useEffect } from 'react'
import { run } from '../api/gate.ts'
import type { CallAnswer } from '../contract/rest.gen.ts'
import { type Asked, useAnswer } from './useAnswer.ts'

const PAUSE = 1_000

/** How a run stands, read again until it has ended or is not known. */
export function useRun(auditId: string): Asked<CallAnswer> {
  const asked = useAnswer(`run ${auditId}`, () => run(auditId))
  const { value, refusal, busy, reload } = asked
  const goesOn = !busy && value?.outcome === 'running' && refusal?.status !== 404
  useEffect(() => {
    if (!goesOn) return
    const again = setTimeout(reload, PAUSE)
    return () => clearTimeout(again)
  }, [goesOn, reload])
  return asked
}
