import type { AuditRowView } from '../../contract/rest.gen.ts'

export interface Wish {
  readonly search: string
  readonly verdict: '' | 'allowed' | 'refused' | 'waits'
}

export const kindOf = ({ verdict }: AuditRowView): Exclude<Wish['verdict'], ''> => {
  if (verdict.startsWith('DENY')) return 'refused'
  return verdict.startsWith('NEEDS') ? 'waits' : 'allowed'
}

export function fitting(rows: readonly AuditRowView[], { search, verdict }: Wish): readonly AuditRowView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (verdict !== '' && kindOf(row) !== verdict) return false
    const text = [row.id, row.actor, row.channel, row.tool, row.tier, row.verdict, row.part, row.text ?? '']
    const all = text.join(' ').toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

const columns = [
  'seq',
  'at',
  'id',
  'part',
  'kind',
  'actor',
  'channel',
  'tool',
  'tier',
  'verdict',
  'digest',
  'text',
] as const

/** A cell that begins so is a formula to a spreadsheet. */
const cell = (value: unknown) => {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csv = (rows: readonly AuditRowView[]): string =>
  [columns.join(','), ...rows.map((row) => columns.map((name) => cell(row[name])).join(','))].join('\r\n')
