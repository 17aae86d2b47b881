import type { ShownPlan } from '../../contract/rest.gen.ts'
import { confirm } from '../../hub/act.ts'
import { count } from '../../lib/format.ts'
import { ask, useActs, type Wish } from '../../stores/acts.ts'
import { useClusters } from '../../stores/clusters.ts'
import { useKilled } from '../../stores/gate.ts'
import { Ask } from '../../ui/Ask.tsx'
import { BreakGlass } from './BreakGlass.tsx'
import { Decide } from './Decide.tsx'
import { Offers } from './Offers.tsx'
import { bulkOffers, offersOf } from './offers.ts'
import { PlanSheet } from './PlanSheet.tsx'
import './acts.css'

/** As many as the server takes in one call. */
const MOST = 100

/** What has to be answered before something is done, over the page. */
export default function Question() {
  const question = useActs((acts) => acts.question)
  if (!question) return null
  if (question.kind === 'guests') return <Choosing {...question} />
  if (question.kind === 'wish') return <Confirming {...question} />
  if (question.kind === 'glass') return <BreakGlass onClose={() => ask(null)} />
  return <Decide key={question.approval.id} approval={question.approval} onClose={() => ask(null)} />
}

/** What can be done to one guest, or to several at once. */
function Choosing({ cluster, vmids }: { cluster: string; vmids: readonly number[] }) {
  const [first = 0] = vmids
  const guest = useClusters(({ all }) => all[cluster]?.guests.get(first) ?? null)
  const one = vmids.length === 1 && guest !== null
  const whose = one ? guest.name : count(vmids.length, 'guest')
  const offers = one ? offersOf(cluster, guest) : bulkOffers(cluster, whose, { names: vmids })
  return (
    <Ask title={whose} onClose={() => ask(null)}>
      {vmids.length > MOST ? (
        <p>{MOST} guests are the most at once; narrow the list.</p>
      ) : offers.length === 0 ? (
        <p>Nothing can be done to it as it is now.</p>
      ) : (
        <Offers label={`What can be done to ${whose}`} offers={offers} onChoose={() => ask(null)} />
      )}
    </Ask>
  )
}

function Confirming({ wish, plan, seen }: { wish: Wish; plan: ShownPlan; seen: string | null }) {
  const killed = useKilled()
  return (
    <Ask title={`${wish.title}?`} onClose={() => ask(null)}>
      <PlanSheet plan={plan} />
      {killed && (
        <p className="entry-problem" role="alert">
          The kill switch is on: nothing may be changed.
        </p>
      )}
      <div className="ask-buttons">
        <button type="button" className="btn" onClick={() => ask(null)}>
          Cancel
        </button>
        <button
          type="button"
          className="btn btn-danger"
          disabled={killed}
          onClick={() => void confirm(wish, seen)}
        >
          {plan.tier === 'orange' ? 'Go on to the keyword' : 'Do it'}
        </button>
      </div>
    </Ask>
  )
}
