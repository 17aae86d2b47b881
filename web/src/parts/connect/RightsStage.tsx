import { addCluster, testCluster } from '../../api/clusters.ts'
import type { ClusterListing } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'
import { Refused } from '../../ui/Refused.tsx'
import { accessOf, isLacking, isTrusted, keyOf, type StageProps, tested } from './draft.ts'
import { Findings } from './Findings.tsx'

interface Props extends StageProps {
  readonly onAdded: (listing: ClusterListing) => void
}

export function RightsStage({ draft, change, onBack, onAdded }: Props) {
  const adding = useOrder()
  const again = useOrder()
  const { test } = draft
  if (!test) return null
  const lacking = isLacking(test)
  const busy = adding.busy || again.busy
  const access = accessOf(draft)

  async function submit() {
    if (!isTrusted(draft)) return onBack?.()
    await adding.run(async () => onAdded(await addCluster({ ...access, key: draft.key, name: draft.name })))
  }
  const rename = (name: string) =>
    change({ name, ...(draft.key === keyOf(draft.name) ? { key: keyOf(name) } : {}) })

  return (
    <Form
      wide
      action={lacking ? 'Add it as it is' : 'Add the cluster'}
      doing={adding.busy ? 'Adding…' : undefined}
      busy={busy}
      refusal={adding.refusal}
      onSend={submit}
      onBack={onBack}
    >
      <Findings test={test} />
      {lacking && (
        <div className="form-buttons">
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={() => void again.run(async () => change(tested(draft, await testCluster(access))))}
          >
            {again.busy ? 'Testing…' : 'Test again'}
          </button>
        </div>
      )}
      <Refused refusal={again.refusal} />
      <Field
        label="Name on screen"
        value={draft.name}
        onChange={(event) => rename(event.target.value)}
        maxLength={64}
        readOnly={busy}
        required
      />
      <Field
        label="Key in addresses"
        value={draft.key}
        onChange={(event) => change({ key: event.target.value })}
        pattern="[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?"
        maxLength={32}
        className="mono-field"
        hint="Lower-case letters, digits and hyphens; it cannot be changed later."
        autoCapitalize="none"
        spellCheck={false}
        readOnly={busy}
        required
      />
    </Form>
  )
}
