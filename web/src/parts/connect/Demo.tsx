import { useState } from 'react'
import { startDemo } from '../../api/clusters.ts'
import type { ClusterListing } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Form } from '../../ui/Form.tsx'

const scenarios = [
  [
    'homelab',
    'A home lab',
    'Three nodes and about 25 guests with a month of history, and two small problems to find.',
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
  const submit = () => {
    void run(async () => onAdded(await startDemo(scenario)))
  }
  return (
    <Form
      action="Start the demo"
      doing="Starting…"
      busy={busy}
      refusal={refusal}
      onSend={submit}
      onBack={onBack}
    >
      <fieldset className="pick">
        <legend>A simulated cluster that behaves like a real one; it can be removed at any time.</legend>
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
    </Form>
  )
}
