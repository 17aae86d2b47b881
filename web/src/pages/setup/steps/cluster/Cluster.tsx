import { clusterListings, isDemo, mayStartDemo } from '../../../../api/clusters.ts'
import type { ClusterListing } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { Connect } from '../../../../parts/connect/Connect.tsx'
import { Demo } from '../../../../parts/connect/Demo.tsx'
import { lookAt } from '../../../../stores/clusters.ts'
import { useDraft } from '../../../../stores/drafts.ts'
import { Loading } from '../../../../ui/Notice.tsx'
import { Refused } from '../../../../ui/Refused.tsx'
import type { StepProps } from '../../step.ts'

type Way = 'choose' | 'connect' | 'demo'

export default function Cluster({ onDone, onBack }: StepProps) {
  const { value: listings, refusal, reload } = useAnswer('clusters', clusterListings)
  const [way, setWay] = useDraft<Way>('setup cluster', 'choose')
  const choose = () => setWay('choose')
  const added = ({ key }: ClusterListing) => {
    lookAt(key)
    reload()
    onDone()
  }

  if (way === 'connect') return <Connect onAdded={added} onBack={choose} />
  if (way === 'demo') return <Demo onAdded={added} onBack={choose} />
  if (!listings) return refusal ? <Refused refusal={refusal} /> : <Loading what="the clusters" />
  const real = listings.filter((listing) => !isDemo(listing))
  return (
    <div className="ways">
      <p>
        {listings.length > 0 &&
          real.length === 0 &&
          'A simulated home lab is running, so that there is something to look at.'}
        {real.length > 0 && `Jarvis is watching ${real.map((listing) => listing.name).join(', ')}.`}
        {listings.length === 0 && 'What shall Jarvis watch?'}
      </p>
      {listings.length > 0 && (
        <Choice
          title={real.length > 0 ? 'Keep it so' : 'Keep the simulated home lab'}
          words="Nothing changes; clusters can be added in the settings at any time."
          onChoose={onDone}
        />
      )}
      <Choice
        title={real.length > 0 ? 'Connect another cluster' : 'Connect a real cluster'}
        words="By its address and an API token that may look but not touch. Takes about two minutes."
        onChoose={() => setWay('connect')}
      />
      {mayStartDemo(listings) && (
        <Choice
          title="Start a demo"
          words="A simulated cluster with believable guests, load and small problems."
          onChoose={() => setWay('demo')}
        />
      )}
      <div className="form-buttons">
        {onBack && (
          <button type="button" className="btn btn-bare" onClick={onBack}>
            Back
          </button>
        )}
      </div>
    </div>
  )
}

const Choice = (props: { title: string; words: string; onChoose: () => void }) => (
  <button type="button" className="way" onClick={props.onChoose}>
    <b>{props.title}</b>
    <span>{props.words}</span>
  </button>
)
