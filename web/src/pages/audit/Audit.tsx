import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { audit, verifyAudit } from '../../api/gate.ts'
import type { AuditRowView, AuditVerification } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { clock, count, day } from '../../lib/format.ts'
import { saveAs } from '../../lib/save.ts'
import { useTitle } from '../../lib/title.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { Refused } from '../../ui/Refused.tsx'
import { csv, fitting, kindOf, type Wish } from './rows.ts'
import './audit.css'

/** What was asked for, by whom, how it was judged and what became of it. */
export default function AuditPage() {
  useTitle('Audit')
  const { busy, refusal, run } = useOrder()
  const [rows, setRows] = useState<readonly AuditRowView[] | null>(null)
  const [next, setNext] = useState<number | null>(null)
  const [wish, setWish] = useState<Wish>({ search: '', verdict: '' })
  const running = useRef(run)
  running.current = run
  const load = useCallback(
    (before: number | null) =>
      void running.current(async () => {
        const page = await audit(before)
        setRows((old) => (before === null ? page.items : [...(old ?? []), ...page.items]))
        setNext(page.next)
      }),
    [],
  )
  useEffect(() => load(null), [load])
  const found = useMemo(() => fitting(rows ?? [], wish), [rows, wish])
  return (
    <article className="audit">
      <h1>Audit</h1>
      <Verify />
      <search className="audit-seek">
        <input
          className="field"
          type="search"
          aria-label="Search the audit"
          placeholder="Who, tool, verdict, id or text"
          value={wish.search}
          onChange={(event) => setWish({ ...wish, search: event.target.value })}
        />
        <select
          className="field row-choice"
          aria-label="What became of it"
          value={wish.verdict}
          onChange={(event) => setWish({ ...wish, verdict: event.target.value as Wish['verdict'] })}
        >
          <option value="">All</option>
          <option value="allowed">Allowed</option>
          <option value="waits">Waited for a person</option>
          <option value="refused">Refused</option>
        </select>
        <button type="button" className="btn" disabled={busy} onClick={() => load(null)}>
          Reload
        </button>
        <button
          type="button"
          className="btn"
          disabled={found.length === 0}
          onClick={() => saveAs('jarvis-audit.csv', csv(found), 'text/csv')}
        >
          Export {count(found.length, 'row')}
        </button>
      </search>
      <Refused refusal={refusal} />
      {rows === null && !refusal && <Loading what="the audit" lines={8} />}
      {rows !== null && found.length === 0 && (
        <Notice title={rows.length === 0 ? 'Nothing was asked for yet' : 'Nothing fits'} />
      )}
      {found.length > 0 && <Rows rows={found} />}
      {next !== null && (
        <button type="button" className="btn" disabled={busy} onClick={() => load(next)}>
          {busy ? 'Reading…' : 'Older rows'}
        </button>
      )}
    </article>
  )
}

const marks = {
  allowed: { shape: 'disc', tone: 'good' },
  waits: { shape: 'question', tone: 'warn' },
  refused: { shape: 'cross', tone: 'bad' },
} as const

const Rows = ({ rows }: { rows: readonly AuditRowView[] }) => (
  <ul className="audit-rows" aria-label="Rows of the audit, newest first">
    {rows.map((row) => (
      <li key={row.seq}>
        <details>
          <summary>
            <Mark {...marks[kindOf(row)]} label={kindOf(row)} />
            <span className="audit-what">
              {row.tool} <span className="dim">{row.part}</span>
            </span>
            <span className="audit-who">
              {row.actor} · {row.channel}
            </span>
            <span className="audit-verdict">{row.verdict}</span>
            <time dateTime={row.at}>
              {day(row.at)} {clock(row.at)}
            </time>
          </summary>
          <pre>
            {row.text ?? 'Its text was deleted.'}
            {`\n#${row.seq} · ${row.id} · ${row.tier} · ${row.digest}`}
          </pre>
        </details>
      </li>
    ))}
  </ul>
)

function Verify() {
  const { busy, refusal, run } = useOrder()
  const [told, setTold] = useState<AuditVerification | null>(null)
  return (
    <section className="audit-verify" aria-label="Whether it is whole">
      <button
        type="button"
        className="btn"
        disabled={busy}
        onClick={() => void run(async () => setTold(await verifyAudit()))}
      >
        {busy ? 'Checking each row…' : 'Verify the chain'}
      </button>
      <Refused refusal={refusal} />
      {told && (
        <p role="status">
          <Mark shape={told.whole ? 'disc' : 'cross'} tone={told.whole ? 'good' : 'bad'} />{' '}
          {told.whole
            ? `All ${count(told.rows, 'row')} are as they were written.`
            : `Damaged${told.firstBad === null ? '' : ` from row ${told.firstBad}`}: ${told.why ?? 'the chain does not hold'}.`}
          {told.removed > 0 && ` The text of ${count(told.removed, 'row')} was deleted on purpose.`}
        </p>
      )}
    </section>
  )
}
