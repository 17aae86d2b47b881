import { expect, it } from 'vitest'
import type { AuditRowView } from '../../contract/rest.gen.ts'
import { csv, fitting } from './rows.ts'

const row = (seq: number, change: Partial<AuditRowView> = {}): AuditRowView => ({
  seq,
  id: `id-${seq}`,
  part: 'whole',
  at: '2026-01-31T12:00:00Z',
  kind: 'operator',
  actor: 'operator:ann',
  channel: 'rest',
  tool: 'stop_vm',
  tier: 'red',
  verdict: 'ALLOW_LOGGED',
  digest: 'd',
  text: null,
  ...change,
})

it('rows are found by all words, and by what became of them', () => {
  const rows = [
    row(1),
    row(2, { verdict: 'DENY_KILL' }),
    row(3, { verdict: 'NEEDS_HUMAN', actor: 'mcp:hand' }),
  ]
  const seqs = (search: string, verdict: '' | 'allowed' | 'refused' | 'waits') =>
    fitting(rows, { search, verdict }).map(({ seq }) => seq)
  expect(seqs('', '')).toEqual([1, 2, 3])
  expect(seqs('STOP ann', '')).toEqual([1, 2])
  expect(seqs('', 'refused')).toEqual([2])
  expect(seqs('ann', 'waits')).toEqual([])
  expect(seqs('', 'waits')).toEqual([3])
})

it('an export keeps quotes and lines within a cell, and is no formula', () => {
  const text = csv([row(1, { text: '{"a":"b"}', actor: '=HYPERLINK("x")' })])
  expect(text.split('\r\n')[1]).toBe(
    '1,2026-01-31T12:00:00Z,id-1,whole,operator,"\'=HYPERLINK(""x"")",rest,stop_vm,red,ALLOW_LOGGED,d,"{""a"":""b""}"',
  )
})
