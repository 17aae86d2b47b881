import type { AuditFilter } from '../../api/gate.ts'
import type { AuditRowView } from '../../contract/rest.gen.ts'
import type { Shape, Tone } from '../../ui/Mark.tsx'

/** As somebody fills them in: days rather than moments. */
export type Wish = AuditFilter

export const everything: Wish = { actor: '', tool: '', verdict: '', text: '', from: '', until: '' }

/** How calls are judged, and what people decide. */
export const verdicts = [
  'ALLOW',
  'ALLOW_LOGGED',
  'NEEDS_HUMAN',
  'NEEDS_FACTOR',
  'DENY_ARGS',
  'DENY_BLACK',
  'DENY_BUDGET',
  'DENY_EXPIRED',
  'DENY_KILL',
  'DENY_PATH',
  'DENY_PROTECTED',
  'DENY_QUESTION',
  'DENY_REPLAY',
  'DENY_ROLE',
  'DENY_SSRF',
  'DENY_STATE',
  'DENY_TAINT',
  'APPROVED',
  'DENIED',
  'EDITED',
  'UNDENIED',
  'KILL_ON',
  'KILL_OFF',
  'BREAK_GLASS',
  'BREAK_GLASS_ENDED',
  'KEYWORD_SET',
  'KEYWORD_CLEARED',
  'POLICY_SET',
] as const

/** Both days are meant whole, as this clock has them. */
export function filterOf({ from, until, ...rest }: Wish): AuditFilter {
  const start = (day: string, later: number) => {
    const moment = new Date(`${day}T00:00`)
    if (Number.isNaN(moment.getTime())) return ''
    moment.setDate(moment.getDate() + later)
    return moment.toISOString()
  }
  return { ...rest, from: start(from, 0), until: start(until, 1) }
}

/** What an exported file says of itself in its last line when not all fitted into it. */
export const isCut = (lines: string): boolean =>
  /^\{"next":\d+\}$/.test(lines.slice(lines.trimEnd().lastIndexOf('\n') + 1).trim())

const marks = {
  allowed: { shape: 'disc', tone: 'good' },
  waits: { shape: 'question', tone: 'warn' },
  refused: { shape: 'cross', tone: 'bad' },
  decided: { shape: 'ring', tone: 'info' },
  completed: { shape: 'disc', tone: 'good' },
  failed: { shape: 'cross', tone: 'bad' },
  'not known': { shape: 'question', tone: 'warn' },
  ended: { shape: 'ring', tone: 'off' },
} as const satisfies Record<string, { shape: Shape; tone: Tone }>

const endings: Readonly<Record<string, keyof typeof marks>> = {
  Completed: 'completed',
  Failed: 'failed',
  Unknown: 'not known',
}

/** How a run ended stands in its text, which may have been deleted. */
function endingOf(text: string | null): keyof typeof marks {
  try {
    return endings[JSON.parse(text ?? 'null')?.outcome] ?? 'ended'
  } catch {
    return 'ended'
  }
}

function kindOf({ part, verdict, text }: AuditRowView): keyof typeof marks {
  if (part === 'outcome' || part === 'reconciled') return endingOf(text)
  if (part === 'decision') return 'decided'
  if (verdict.startsWith('DENY')) return 'refused'
  return verdict.startsWith('NEEDS') ? 'waits' : 'allowed'
}

/** What a row shows besides its words. A verdict says that a call might run, and not that it went well. */
export function markOf(row: AuditRowView) {
  const label = kindOf(row)
  return { ...marks[label], label }
}
