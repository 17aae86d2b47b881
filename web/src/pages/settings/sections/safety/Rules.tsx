import { useState } from 'react'
import { changePolicy } from '../../../../api/safety.ts'
import type { PolicyView, TargetRule } from '../../../../contract/rest.gen.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { useMay } from '../../../../stores/session.ts'
import { Confirm } from '../../../../ui/Ask.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { AddRule } from './AddRule.tsx'
import { fixedOf, keyOf, type List, removing, sayRule } from './rules.ts'

interface Props {
  readonly list: List
  readonly title: string
  readonly about: string
  readonly view: PolicyView
  readonly onChanged: () => void
}

/** Targets by rule: those that were set here can go again, those of the configuration cannot. */
export function Rules({ list, title, about, view, onChanged }: Props) {
  const admin = useMay('admin')
  const { busy, refusal, run, clear } = useOrder()
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<TargetRule | null>(null)
  const all = useClusters((clusters) => clusters.all)
  const say = (rule: TargetRule) => sayRule(rule, (key) => all[key]?.header.name ?? key)
  const why = (rule: TargetRule) => (list === 'protected' ? rule.why : null)
  const fixed = fixedOf(view, list)
  const set = view.policy[list]
  const close = () => {
    clear()
    setLeaving(null)
  }
  const remove = (rule: TargetRule) =>
    void run(async () => void (await changePolicy(removing(list, rule)))).then((ok) => {
      if (!ok) return
      setLeaving(null)
      onChanged()
    })
  return (
    <section className="settings-block" aria-labelledby={`${list}-title`}>
      <h2 id={`${list}-title`}>{title}</h2>
      <p>{about}</p>
      {fixed.length + set.length > 0 && (
        <ul className="rows" aria-label={title}>
          {fixed.map(([rule, from]) => (
            <li key={`fixed ${keyOf(rule)}`}>
              <Row words={say(rule)} tag={from} why={from === 'configuration' ? null : why(rule)} />
            </li>
          ))}
          {set.map((rule) => (
            <li key={keyOf(rule)}>
              <Row words={say(rule)} tag={null} why={why(rule)} />
              {admin && (
                <button type="button" className="btn btn-danger" onClick={() => setLeaving(rule)}>
                  Remove<span className="sr-only"> {say(rule)}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {fixed.length + set.length === 0 && <p className="dim">Nothing is listed.</p>}
      {admin && (
        <div className="form-buttons">
          <button type="button" className="btn" onClick={() => setAdding(true)}>
            Add a rule<span className="sr-only"> to {title.toLowerCase()}</span>
          </button>
        </div>
      )}
      {adding && (
        <AddRule
          list={list}
          title={title}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false)
            onChanged()
          }}
        />
      )}
      {leaving && (
        <Confirm
          title="Remove this rule?"
          action="Remove"
          busy={busy}
          onClose={close}
          onConfirm={() => remove(leaving)}
        >
          <p>
            {list === 'protected'
              ? `From then on ${say(leaving)} can be stopped, changed and removed like any other.`
              : `From then on one person is enough for ${say(leaving)}.`}{' '}
            What waits to be approved now has to be asked for again.
          </p>
          <Refused refusal={refusal} />
        </Confirm>
      )}
    </section>
  )
}

const Row = ({ words, tag, why }: { words: string; tag: string | null; why: string | null }) => (
  <div className="row-main">
    <b>{words}</b>
    {tag !== null && <span className="tag">{tag}</span>}
    {why !== null && <span className="row-about">{why}</span>}
  </div>
)
