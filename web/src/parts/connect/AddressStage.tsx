import { probeCluster } from '../../api/clusters.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'
import type { StageProps } from './draft.ts'

export function AddressStage({ draft, change, onNext, onBack }: StageProps) {
  const { busy, refusal, run } = useOrder()
  async function submit() {
    await run(async () => {
      const probe = await probeCluster(draft.address.trim())
      const same = probe.fingerprint === draft.probe?.fingerprint
      change({ probe, compared: same && draft.compared, test: null })
      onNext()
    })
  }
  return (
    <Form action="Find it" doing="Knocking…" busy={busy} refusal={refusal} onSend={submit} onBack={onBack}>
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
    </Form>
  )
}
