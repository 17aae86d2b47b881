import { useState } from 'react'
import { changeCluster, clusterSettings } from '../../../../api/clusters.ts'
import type { ClusterListing, ClusterSettings } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { readToken } from '../../../../parts/connect/draft.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { Facts } from '../../../../ui/Facts.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Told } from '../../../../ui/Told.tsx'

interface Props {
  readonly cluster: ClusterListing
  readonly onClose: () => void
  readonly onDone: () => void
}

export function EditCluster({ cluster, ...props }: Props) {
  const asked = useAnswer(`cluster ${cluster.key}`, () => clusterSettings(cluster.key))
  return (
    <Ask title={cluster.name} onClose={props.onClose}>
      <Told what="settings" asked={asked}>
        {(settings) => (
          <Edit
            settings={settings}
            onClose={props.onClose}
            onDone={() => {
              asked.reload()
              props.onDone()
            }}
          />
        )}
      </Told>
    </Ask>
  )
}

function Edit({ settings, onClose, onDone }: Omit<Props, 'cluster'> & { settings: ClusterSettings }) {
  const { busy, refusal, run } = useOrder()
  const [name, setName] = useState<string | null>(null)
  const [token, setToken] = useState('')
  const [address, setAddress] = useState('')
  const [fingerprint, setFingerprint] = useState('')
  const [same, setSame] = useState(false)
  const submit = () => {
    const change = {
      ...(name === null || name.trim() === settings.name ? {} : { name: name.trim() }),
      ...(token ? { token: readToken(token) } : {}),
      ...(address.trim() ? { address: address.trim() } : {}),
      ...(fingerprint.trim() ? { fingerprint: fingerprint.trim() } : {}),
      ...(same ? { sameCluster: true } : {}),
    }
    void run(async () => void (await changeCluster(settings.key, change))).then((ok) => ok && onDone())
  }
  return (
    <Form action="Save" doing="Saving…" busy={busy} refusal={refusal} onSend={submit} onCancel={onClose}>
      <Facts
        rows={[
          ['Endpoints', settings.endpoints.join(', ')],
          ['Token', settings.tokenId ?? null],
          ['Read every', `${settings.cadenceSeconds} s`],
        ]}
      />
      <Field
        label="Name"
        value={name ?? settings.name}
        onChange={(event) => setName(event.target.value)}
        maxLength={64}
        required
      />
      <Field
        label="New token"
        type="password"
        value={token}
        onChange={(event) => setToken(event.target.value)}
        className="mono-field"
        hint="Empty keeps the one that is there."
        placeholder="USER@REALM!NAME=SECRET"
        autoComplete="off"
        spellCheck={false}
      />
      <Field
        label="New address"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        hint="Only when its nodes have moved; empty keeps those above."
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field
        label="New fingerprint"
        value={fingerprint}
        onChange={(event) => setFingerprint(event.target.value)}
        className="mono-field"
        hint={
          <>
            Only when its certificate was replaced; as <code>pvenode cert info</code> prints it.
          </>
        }
        autoComplete="off"
        spellCheck={false}
      />
      {(same || refusal?.code === 'CLUSTER_OTHER') && (
        <label className="tick">
          <input type="checkbox" checked={same} onChange={(event) => setSame(event.target.checked)} />
          <span>It is the same cluster with new certificates.</span>
        </label>
      )}
    </Form>
  )
}
