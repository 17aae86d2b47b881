import { useState } from 'react'
import { audit, auditOf, exportAudit, verifyAudit } from '../../api/gate.ts'
import type { PageProps } from '../../app/page.ts'
import type { AuditRowView, AuditVerification, AuditPage as Page } from '../../contract/rest.gen.ts'
import { type Asked, useAnswer } from '../../hub/useAnswer.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { clock, count, day } from '../../lib/format.ts'
import { path } from '../../lib/match.ts'
import { saveAs } from '../../lib/save.ts'
import { useSettled } from '../../lib/settled.ts'
import { useTitle } from '../../lib/title.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Refused } from '../../ui/Refused.tsx'
import { Told } from '../../ui/Told.tsx'
import { everything, filterOf, isCut, markOf } from './rows.ts'
import { Seek } from './Seek.tsx'
import './audit.css'

/** What was asked for, by whom, how it was judged and what became of it; of all calls, or of one. */
export default function AuditPage({ params }: PageProps) {
  useTitle('Audit')
  return (
    <article className="audit">
      <h1>Audit</h1>
      {params.call ? <OfCall key={params.call} call={params.call} /> : <All />}
    </article>
  )
}

function OfCall({ call }: { call: string }) {
  const asked = useAnswer(`audit of ${call}`, () => auditOf(call))
  return (
    <>
      <a className="detail-link" href="/audit">
        The whole audit
      </a>
      <Told what="the rows of this call" asked={asked}>
        {({ items }) =>
          items.length > 0 ? <Rows rows={items} /> : <Notice title="No call of this id was ever made" />
        }
      </Told>
    </>
  )
}

function All() {
  const [wish, setWish] = useState(everything)
  const filter = filterOf(useSettled(wish))
  const asked = useAnswer(`audit ${JSON.stringify(filter)}`, () => audit(filter, null))
  return (
    <>
      <Verify />
      <Seek wish={wish} onWish={setWish} />
      <Take busy={asked.busy} reload={asked.reload} load={() => exportAudit(filterOf(wish))} />
      <Told what="the audit" asked={asked} lines={8}>
        {(newest) => (
          <Pages
            newest={newest}
            older={(before) => audit(filter, before)}
            any={Object.values(filter).some(Boolean)}
          />
        )}
      </Told>
    </>
  )
}

interface Taking extends Pick<Asked<Page>, 'busy' | 'reload'> {
  readonly load: () => Promise<string>
}

function Take({ busy: reading, reload, load }: Taking) {
  const { busy, refusal, run } = useOrder()
  const [cut, setCut] = useState(false)
  const take = async () => {
    const lines = await load()
    saveAs('jarvis-audit.jsonl', lines, 'application/x-ndjson')
    setCut(isCut(lines))
  }
  return (
    <div className="audit-verify">
      <button type="button" className="btn" disabled={reading} onClick={reload}>
        Reload
      </button>
      <button type="button" className="btn" disabled={busy} onClick={() => void run(take)}>
        {busy ? 'Reading…' : 'Export all that fit'}
      </button>
      <Refused refusal={refusal} />
      {cut && (
        <p role="status">The file has the newest 100 000 that fit; choose earlier days for the others.</p>
      )}
    </div>
  )
}

interface Paging {
  readonly newest: Page
  readonly older: (before: number) => Promise<Page>
  /** Whether something was chosen. */
  readonly any: boolean
}

function Pages({ newest, older, any }: Paging) {
  const { busy, refusal, run } = useOrder()
  const [more, setMore] = useState<Page & { readonly below: Page }>({
    below: newest,
    items: [],
    next: newest.next,
  })
  // What was read below other rows is no part of these.
  const { items, next } = more.below === newest ? more : { items: [], next: newest.next }
  const rows = [...newest.items, ...items]
  const read = async (before: number) => {
    const page = await older(before)
    setMore({ below: newest, items: [...items, ...page.items], next: page.next })
  }
  if (rows.length === 0) return <Notice title={any ? 'Nothing fits' : 'Nothing was asked for yet'} />
  return (
    <>
      <Rows rows={rows} />
      <Refused refusal={refusal} />
      {next !== null && (
        <button type="button" className="btn" disabled={busy} onClick={() => void run(() => read(next))}>
          {busy ? 'Reading…' : 'Older rows'}
        </button>
      )}
    </>
  )
}

const Rows = ({ rows }: { rows: readonly AuditRowView[] }) => (
  <ul className="audit-rows" aria-label="Rows of the audit">
    {rows.map((row) => (
      <li key={row.seq}>
        <details>
          <summary>
            <Mark {...markOf(row)} />
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
          <a className="detail-link" href={path('audit', row.id)}>
            All rows of this call
          </a>
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
            ? `${told.rows === 1 ? 'The one row is as it was' : `All ${count(told.rows, 'row')} are as they were`} written.`
            : `Damaged${told.firstBad === null ? '' : ` from row ${told.firstBad}`}: ${told.why ?? 'the chain does not hold'}.`}
          {told.removed > 0 && ` The text of ${count(told.removed, 'row')} was deleted on purpose.`}
        </p>
      )}
    </section>
  )
}
