import { count } from './format.ts'

/** One guest of a call that does many, as `BulkStep` and `EvacuationStep` have it. */
export interface Step {
  readonly vmid: number
  readonly name: string
  /** `done`, `failed`, `unknown` or `left alone`. */
  readonly outcome: string
  /** The task's UPID, or why it failed. */
  readonly told: string | null
  /** Where it went, of a guest that was moved. */
  readonly target?: string | null
}

/** What a run that completed has to say beyond that it did. */
export interface Report {
  readonly words: string | null
  /** It did not do, or not yet, all that was asked for. */
  readonly caution: boolean
  readonly steps: readonly Step[]
}

/** The members of what tools return that a person has to know: `UpdateReport`, `TaskReport`, `CloneReport`,
 * `CreateReport`, `RestoreReport`, `BulkReport` and `EvacuationReport`. */
interface Returned {
  readonly waitForNextStart?: readonly string[]
  readonly vmid?: number
  readonly task?: Returned
  readonly outcome?: string
  readonly exitStatus?: string
  readonly guests?: readonly Step[]
}

const NOTHING: Report = { words: null, caution: false, steps: [] }

/** Steps of one outcome are counted; of those that were not done, it is said which they were. */
function counted(steps: readonly Step[]): string {
  if (steps.every(({ outcome }) => outcome === 'done')) return `${count(steps.length, 'guest')}.`
  const outcomes = [...new Set(steps.map(({ outcome }) => outcome))]
  const tell = (outcome: string) => {
    const all = steps.filter((each) => each.outcome === outcome)
    const which = outcome === 'done' ? '' : `: ${all.map(({ name, vmid }) => `${name} (${vmid})`).join(', ')}`
    return `${all.length} ${outcome}${which}.`
  }
  return outcomes.map(tell).join(' ')
}

/** Reads a result of a tool; what reads gave, or was cut to a text, has nothing to tell here. */
export function reportOf(result: unknown): Report {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return NOTHING
  const { waitForNextStart = [], vmid, task, guests, ...ended } = result as Returned
  const { outcome, exitStatus } = task ?? ended
  const steps = Array.isArray(guests) && guests.every((each) => 'outcome' in each) ? guests : []
  const warned = outcome === 'warnings'
  const words = [
    vmid !== undefined && task && `Its number is ${vmid}.`,
    waitForNextStart.length > 0 && `Not in effect before the next start: ${waitForNextStart.join(', ')}.`,
    warned && `Its task ended with ${exitStatus}; its log tells more.`,
    steps.length > 0 && counted(steps),
  ].filter(Boolean)
  return {
    words: words.length > 0 ? words.join(' ') : null,
    caution: warned || waitForNextStart.length > 0 || steps.some((each) => each.outcome !== 'done'),
    steps,
  }
}

/** How far a run is, in words. */
export const farness = ({ text, share }: { readonly text: string; readonly share: number | null }): string =>
  share === null ? text : `${Math.round(share * 100)} %: ${text}`
