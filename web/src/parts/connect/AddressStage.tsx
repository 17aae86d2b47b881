import type { FormEvent } from 'react'
import { probeCluster } from '../../api/clusters.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Field } from '../../ui/Field.tsx'
import { Refused } from '../../ui/Refused.tsx'
import type { StageProps } from './draft.ts'

export function AddressStage({ draft, change, onNext, onBack }: StageProps) {
  const { busy, refusal, run } = useOrder()
  async function submit(event: FormEvent) {
    event.preventDefault()
    await run(async () => {
      const probe = await probeCluster(draft.address.trim())
      const same = probe.fingerprint === draft.probe?.fingerprint
      change({ probe, compared: same && draft.compared, test: null })
      onNext()
    })
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Field
        label="Address of any node"
        value={draft.address}
        onChange={(event) => change({ address: event.target.value })}
        placeholder="192.168.1.10"
        hint="A name or an IP address; the port is 8006 unless you say otherwise. The other nodes are found from this one."
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        inputMode="url"
        readOnly={busy}
        required
      />
      <Refused refusal={refusal} />
      <div className="form-buttons">
        <button type="submit" className="btn btn-strong" disabled={busy}>
          {busy ? 'Knocking…' : 'Find it'}
        </button>
        {onBack && (
          <button type="button" className="btn btn-bare" disabled={busy} onClick={onBack}>
            Back
          </button>
        )}
      </div>
    </form>
  )
}
