import { useEffect } from 'react'
import { approval as read } from '../../api/gate.ts'
import type { PageProps } from '../../app/page.ts'
import type { ApprovalView, CallAnswer } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { useRun } from '../../hub/useRun.ts'
import { duration, moment } from '../../lib/format.ts'
import { farness, reportOf } from '../../lib/report.ts'
import { useTitle } from '../../lib/title.ts'
import { sayTool } from '../../lib/tool.ts'
import { PlanSheet } from '../../parts/acts/PlanSheet.tsx'
import { TierTag } from '../../parts/acts/TierTag.tsx'
import { askAbout, useActs } from '../../stores/acts.ts'
import { useClock } from '../../stores/clock.ts'
import { useGate } from '../../stores/gate.ts'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Told } from '../../ui/Told.tsx'
import '../../parts/acts/acts.css'
import './approval.css'

/** Where a link from elsewhere leads, such as from the client of a model: one call that waits, or waited. */
export default function ApprovalPage({ params }: PageProps) {
  const id = params.id ?? ''
  const asked = useAnswer(`approval ${id}`, () => read(id))
  const waiting = useGate((gate) => gate.waiting)
  const { reload } = asked
  // Whatever is decided anywhere changes who waits.
  useEffect(() => {
    if (waiting !== null) reload()
  }, [waiting, reload])
  useTitle(asked.value && sayTool(asked.value.tool), 'Approval')
  if (asked.refusal?.status === 404)
    return (
      <NoSuch what="approval" href="/">
        <p>Nothing was ever asked under this address, or it was long ago.</p>
      </NoSuch>
    )
  return (
    <article className="approval-page panel">
      <Told what="what waits" asked={asked}>
        {(approval) => <One approval={approval} />}
      </Told>
    </article>
  )
}

const ended: Readonly<Record<Exclude<ApprovalView['state'], 'requested'>, string>> = {
  approved: 'It was approved',
  // It is used up as soon as its run begins, which may fail.
  consumed: 'It was approved',
  denied: 'It was denied',
  expired: 'Its time to be approved is over; nothing was done.',
  unknown: 'It was approved and begun',
}

function One({ approval }: { approval: ApprovalView }) {
  const { state, plan, tool, tier, actor, person, channel, why, expiresAt } = approval
  const left = useClock(({ now }) => Math.ceil((Date.parse(expiresAt) - now) / 1_000))
  const question = useActs((acts) => acts.question)
  const over = state === 'requested' && left <= 0 ? 'expired' : state
  return (
    <>
      <h1>
        {sayTool(tool)} <TierTag tier={tier} />
      </h1>
      <p>
        <b>{person ?? actor}</b> asks by {channel}. {why}
      </p>
      <PlanSheet plan={plan} />
      {over === 'requested' ? (
        <p className="approval-way">
          <button
            type="button"
            className="btn btn-strong"
            disabled={question !== null}
            onClick={() => askAbout(approval)}
          >
            Decide
          </button>
          <span className="mono">{duration(left)} left</span>
        </p>
      ) : (
        <p role="status">
          <Ending approval={approval} over={over} />
        </p>
      )}
    </>
  )
}

function Ending({ approval, over }: { approval: ApprovalView; over: keyof typeof ended }) {
  const { decidedBy, decidedAt, reason, run } = approval
  if (over === 'expired') return ended.expired
  return (
    <>
      {ended[over]}
      {decidedBy && ` by ${decidedBy}`}
      {decidedAt && `, ${moment(decidedAt)}`}.{reason && ` The reason: ${reason}`}{' '}
      {run !== null ? <Run auditId={run} /> : over === 'unknown' && 'How it ended is not known.'}
    </>
  )
}

/** What became of it once it was approved. */
function Run({ auditId }: { auditId: string }) {
  const { value, refusal } = useRun(auditId)
  if (refusal?.status === 404) return 'What became of it is not known here any more.'
  if (value === null) return refusal ? `How it went could not be read: ${refusal.words}` : null
  return saying(value)
}

function saying({ outcome, why, progress, result }: CallAnswer): string {
  const tell = (words: string, more: string | null) => (more ? `${words}: ${more}` : `${words}.`)
  switch (outcome) {
    case 'completed':
      return ['It was done.', reportOf(result).words].filter(Boolean).join(' ')
    case 'failed':
      return tell('It failed', why)
    case 'running':
      return tell('It is under way', progress && farness(progress))
    default:
      return tell('How it ended is not known', why)
  }
}
