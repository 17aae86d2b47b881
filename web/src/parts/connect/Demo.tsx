import { type FormEvent, useState } from 'react'
import { startDemo } from '../../api/clusters.ts'
import type { ClusterListing } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Refused } from '../../ui/Refused.tsx'

const scenarios = [
  [
    'homelab',
    'A home lab',
    'Three nodes and some 25 guests with a month of history, and two small problems to find.',
  ],
  ['three-nodes', 'Three plain nodes', 'A small cluster where nothing is wrong.'],
  ['fleet', 'A fleet', 'Many nodes and many guests, to see what a large site looks like.'],
] as const

interface Props {
  readonly onAdded: (listing: ClusterListing) => void
  readonly onBack?: () => void
}

export function Demo({ onAdded, onBack }: Props) {
  const [scenario, setScenario] = useState<string>('homelab')
  const { busy, refusal, run } = useOrder()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => onAdded(await startDemo(scenario)))
  }
  return (
    <form className="form" onSubmit={submit}>
      <fieldset className="pick">
        <legend>A simulated cluster that speaks the real API; it can be removed at any time.</legend>
        {scenarios.map(([id, title, words]) => (
          <label key={id}>
            <input
              type="radio"
              name="scenario"
              value={id}
              checked={scenario === id}
              onChange={() => setScenario(id)}
            />
            <b>{title}</b>
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      <Refused refusal={refusal} />
      <div className="form-buttons">
        <button type="submit" className="btn btn-strong" disabled={busy}>
          {busy ? 'Starting…' : 'Start the demo'}
        </button>
        {onBack && (
          <button type="button" className="btn btn-bare" onClick={onBack}>
            Back
          </button>
        )}
      </div>
    </form>
  )
}
