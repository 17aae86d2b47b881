import { useState } from 'react'
import { execute, plan } from '../../api/gate.ts'
import type { CallAnswer, ToolView } from '../../contract/rest.gen.ts'
import { act } from '../../hub/act.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { duration } from '../../lib/format.ts'
import { randomKey } from '../../lib/key.ts'
import { argumentsOf, asSchema, type Draft, type Schema } from '../../lib/schema.ts'
import { sayTool } from '../../lib/tool.ts'
import { PlanSheet } from '../../parts/acts/PlanSheet.tsx'
import { SchemaFields } from '../../parts/acts/SchemaFields.tsx'
import { TierTag } from '../../parts/acts/TierTag.tsx'
import { WhyNot } from '../../parts/acts/WhyNot.tsx'
import { useMay } from '../../stores/session.ts'
import { Facts } from '../../ui/Facts.tsx'
import '../../parts/acts/acts.css'

/** One tool: what it is, what it takes, and a form to try it with. */
export function One({ tool }: { tool: ToolView }) {
  const acts = useMay('operator')
  return (
    <article className="tool">
      <a className="detail-link" href="/tools">
        All tools
      </a>
      <h1>
        {sayTool(tool.name)} <TierTag tier={tool.tier} />
      </h1>
      <p>{tool.description}</p>
      <section className="panel tool-part">
        <h2>Facts</h2>
        <Facts
          rows={[
            ['Name', tool.name],
            ['May be raised by what it is given', tool.canBeRaised ? 'yes' : 'no'],
            ['Brings text from outside', tool.readsOutsideText ? 'yes' : 'no'],
            ['Takes a snapshot first', tool.snapshotFirst ? 'yes' : 'no'],
            ['Shows a plan', tool.hasPlan ? 'yes' : 'no'],
            ['Longest run', duration(tool.timeoutSeconds)],
          ]}
        />
        <details className="tool-schema">
          <summary>Its schema</summary>
          <pre>{JSON.stringify(tool.schema, null, 2)}</pre>
        </details>
      </section>
      {acts || tool.tier === 'green' ? (
        <Try tool={tool} />
      ) : (
        <p className="tool-soft">Your account may only use tools that read.</p>
      )}
    </article>
  )
}

/** What the address says already; it fills the form in, and does nothing. */
const given = (schema: Schema): Draft =>
  Object.fromEntries(
    [...new URLSearchParams(location.search)].flatMap(([name, value]) => {
      const type = schema.properties?.[name]?.type
      if (!schema.properties?.[name] || type === 'object') return []
      return [[name, type === 'boolean' ? value === 'true' : value]]
    }),
  )

function Try({ tool }: { tool: ToolView }) {
  const schema = asSchema(tool.schema)
  const [draft, setDraft] = useState<Draft>(() => given(schema))
  const [answer, setAnswer] = useState<CallAnswer | null>(null)
  const { busy, refusal, run } = useOrder()
  const reads = tool.tier === 'green'
  const args = () => argumentsOf(schema, draft)
  const call = (ask: () => Promise<CallAnswer>) => {
    setAnswer(null)
    void run(async () => setAnswer(await ask()))
  }
  const dry = () => call(() => plan({ tool: tool.name, args: args() }))
  const go = () => {
    if (reads)
      return call(() =>
        execute({ tool: tool.name, args: args() }, { confirmed: false, seen: null, once: randomKey() }),
      )
    void act({ title: sayTool(tool.name), tool: tool.name, args: args() })
  }
  return (
    <section className="panel tool-part">
      <h2>Try it</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <SchemaFields schema={schema} draft={draft} onDraft={setDraft} />
        <WhyNot refusal={refusal} />
        <div className="form-buttons">
          <button type="submit" className="btn btn-strong" disabled={busy || tool.tier === 'black'}>
            {busy ? 'Working…' : reads ? 'Run' : 'Go on'}
          </button>
          {tool.hasPlan && (
            <button
              type="button"
              className="btn"
              disabled={busy}
              onClick={(event) => event.currentTarget.form?.reportValidity() && dry()}
            >
              Dry run
            </button>
          )}
        </div>
      </form>
      {answer && (
        <div className="tool-answer" role="status">
          <p className="tool-soft">
            {answer.outcome} · {answer.verdict}
            {answer.why && ` · ${answer.why}`}
          </p>
          {answer.plan ? (
            <PlanSheet plan={answer.plan} />
          ) : (
            <pre>{JSON.stringify(answer.result, null, 2)}</pre>
          )}
        </div>
      )}
    </section>
  )
}
