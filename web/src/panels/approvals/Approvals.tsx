import type { ApprovalView } from '../../contract/rest.gen.ts'
import { duration } from '../../lib/format.ts'
import { askAbout } from '../../stores/acts.ts'
import { useClock } from '../../stores/clock.ts'
import { open, useGate } from '../../stores/gate.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import './approvals.css'

/** Calls that wait for a person. */
export default function Approvals() {
  const waiting = useGate((gate) => gate.waiting)
  const trouble = useGate((gate) => gate.trouble)
  const now = useClock((state) => state.now)
  if (trouble !== null)
    return (
      <Notice title="Approvals could not be read" tone="bad">
        <p>{trouble}</p>
      </Notice>
    )
  if (waiting === null) return <Loading what="approvals" lines={2} />
  const list = open(waiting, now)
  if (list.length === 0) return <p className="approvals-none">Nothing waits for you.</p>
  return (
    <ul className="approvals">
      {list.map((approval) => (
        <Row key={approval.id} approval={approval} now={now} />
      ))}
    </ul>
  )
}

const Row = ({ approval, now }: { approval: ApprovalView; now: number }) => {
  const { plan, person, actor, channel, tier, expiresAt } = approval
  const left = Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1_000))
  return (
    <li className="approval" data-tier={tier}>
      <Mark shape="triangle" tone={tier === 'orange' ? 'bad' : 'warn'} label={tier} />
      <span className="approval-words">{plan.summary}</span>
      <span className="approval-about">
        {person ?? actor} · {channel} · {tier} · {duration(left)} left
      </span>
      <button type="button" className="btn" onClick={() => askAbout(approval)}>
        Decide
      </button>
    </li>
  )
}
