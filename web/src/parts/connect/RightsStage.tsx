import type { FormEvent } from 'react'
import { addCluster, testCluster } from '../../api/clusters.ts'
import type { ClusterListing } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Field } from '../../ui/Field.tsx'
import { Refused } from '../../ui/Refused.tsx'
import { accessOf, keyOf, type StageProps, tested } from './draft.ts'
import { Findings } from './Findings.tsx'

interface Props extends StageProps {
  readonly onAdded: (listing: ClusterListing) => void
}

export function RightsStage({ draft, change, onBack, onAdded }: Props) {
  const adding = useOrder()
  const again = useOrder()
  const { test } = draft
  if (!test) return null
  const blind = !test.canSeeNodes || !test.canSeeGuests || !test.canSeeStorage
  const access = accessOf(draft)

  async function submit(event: FormEvent) {
    event.preventDefault()
    await adding.run(async () => onAdded(await addCluster({ ...access, key: draft.key, name: draft.name })))
  }
  const rename = (name: string) =>
    change({ name, ...(draft.key === keyOf(draft.name) ? { key: keyOf(name) } : {}) })

  return (
    <form className="form form-wide" onSubmit={(event) => void submit(event)}>
      <Findings test={test} />
      {blind && (
        <div className="form-buttons">
          <button
            type="button"
            className="btn"
            disabled={again.busy}
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
        required
      />
      <Refused refusal={adding.refusal} />
      <div className="form-buttons">
        <button type="submit" className="btn btn-strong" disabled={adding.busy}>
          {adding.busy ? 'Adding…' : blind ? 'Add it as it is' : 'Add the cluster'}
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
