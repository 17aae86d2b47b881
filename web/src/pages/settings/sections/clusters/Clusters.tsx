import { changeCluster, clusterListings, mayStartDemo, removeCluster } from '../../../../api/clusters.ts'
import type { ClusterListing } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { Connect } from '../../../../parts/connect/Connect.tsx'
import { Demo } from '../../../../parts/connect/Demo.tsx'
import { useDraft } from '../../../../stores/drafts.ts'
import { Confirm } from '../../../../ui/Ask.tsx'
import { Notice } from '../../../../ui/Notice.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import { Told } from '../../../../ui/Told.tsx'
import { ClusterRow } from './ClusterRow.tsx'
import { EditCluster } from './EditCluster.tsx'

type Asking =
  | { readonly what: 'connect' | 'demo' }
  | { readonly what: 'edit' | 'remove'; readonly cluster: ClusterListing }
  | null

export default function Clusters() {
  const asked = useAnswer('clusters', clusterListings)
  const [asking, setAsking] = useDraft<Asking>('clusters', null)
  const { busy, refusal, run, clear } = useOrder()
  const close = () => {
    clear()
    setAsking(null)
  }
  const done = () => {
    close()
    asked.reload()
  }
  if (asking?.what === 'connect')
    return (
      <section className="settings-block">
        <Connect onAdded={done} onBack={close} />
      </section>
    )
  if (asking?.what === 'demo')
    return (
      <section className="settings-block">
        <Demo onAdded={done} onBack={close} />
      </section>
    )
  const pause = (cluster: ClusterListing) =>
    void run(async () => void (await changeCluster(cluster.key, { paused: !cluster.paused }))).then(
      asked.reload,
    )
  return (
    <section className="settings-block">
      <Told what="clusters" asked={asked}>
        {(list) =>
          list.length === 0 ? (
            <Notice title="Nothing is being watched">
              <p>Connect a cluster, or start a simulated one.</p>
            </Notice>
          ) : (
            <ul className="rows" aria-label="Clusters">
              {list.map((cluster) => (
                <ClusterRow
                  key={cluster.key}
                  cluster={cluster}
                  busy={busy}
                  onPause={() => pause(cluster)}
                  onEdit={() => setAsking({ what: 'edit', cluster })}
                  onRemove={() => setAsking({ what: 'remove', cluster })}
                />
              ))}
            </ul>
          )
        }
      </Told>
      {asking === null && <Refused refusal={refusal} />}
      <div className="form-buttons">
        <button type="button" className="btn btn-strong" onClick={() => setAsking({ what: 'connect' })}>
          Connect a cluster
        </button>
        {asked.value && mayStartDemo(asked.value) && (
          <button type="button" className="btn" onClick={() => setAsking({ what: 'demo' })}>
            Start a demo
          </button>
        )}
      </div>
      {asking?.what === 'edit' && <EditCluster cluster={asking.cluster} onClose={close} onDone={done} />}
      {asking?.what === 'remove' && (
        <Confirm
          title={`Remove ${asking.cluster.name}?`}
          action="Remove"
          busy={busy}
          onClose={close}
          onConfirm={() => void run(() => removeCluster(asking.cluster.key)).then((ok) => ok && done())}
        >
          <p>
            Jarvis stops watching it and forgets its token. Nothing changes on the cluster itself, and what
            happened stays in the record.
          </p>
          <Refused refusal={refusal} />
        </Confirm>
      )}
    </section>
  )
}
