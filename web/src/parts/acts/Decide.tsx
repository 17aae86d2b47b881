import { useState } from 'react'
import type { ApprovalView, DecisionRequest } from '../../contract/rest.gen.ts'
import { decideOn } from '../../hub/act.ts'
import { type Order, useOrder } from '../../hub/useOrder.ts'
import { duration } from '../../lib/format.ts'
import { useClock } from '../../stores/clock.ts'
import { useGate, useKilled } from '../../stores/gate.ts'
import { Ask } from '../../ui/Ask.tsx'
import { Field } from '../../ui/Field.tsx'
import { PlanSheet } from './PlanSheet.tsx'
import { WhyNot } from './WhyNot.tsx'

interface Props {
  readonly approval: ApprovalView
  readonly onClose: () => void
}

/** A call that waits for a person: what it will do, who wants it, and the answer. */
export function Decide({ approval, onClose }: Props) {
  const [way, setWay] = useState<Way>('approve')
  const order = useOrder()
  const left = useLeft(approval)
  const gone = useGate(({ waiting }) => waiting !== null && !waiting.some(({ id }) => id === approval.id))
  const over = !order.busy && (left === 0 || gone)
  const Answer = answers[way]
  return (
    <Ask title={titles[way](approval.tool)} onClose={onClose}>
      <div className="form decide">
        <Who approval={approval} left={left} />
        <PlanSheet plan={approval.plan} />
        {approval.twoPersons && (
          <p className="dim">Two persons are needed: whoever asked for it may not approve it.</p>
        )}
        {over ? (
          <Over expired={left === 0} onClose={onClose} />
        ) : (
          <Answer
            approval={approval}
            order={order}
            onWay={(next) => {
              order.clear()
              setWay(next)
            }}
          />
        )}
      </div>
    </Ask>
  )
}

type Way = 'approve' | 'deny' | 'edit'

const titles: Readonly<Record<Way, (tool: string) => string>> = {
  approve: (tool) => `Approve ${tool}?`,
  deny: (tool) => `Deny ${tool}?`,
  edit: (tool) => `Change ${tool}`,
}

/** Seconds until it can no longer be approved. */
const useLeft = ({ expiresAt }: ApprovalView): number =>
  useClock(({ now }) => Math.max(0, Math.ceil((Date.parse(expiresAt) - now) / 1_000)))

const Who = ({
  approval: { actor, person, channel, why },
  left,
}: {
  approval: ApprovalView
  left: number
}) => (
  <p className="decide-who">
    <b>{person ?? actor}</b> asks by {channel}. {why}{' '}
    <span className="mono dim">{left > 0 ? `${duration(left)} left` : 'expired'}</span>
  </p>
)

function Over({ expired, onClose }: { expired: boolean; onClose: () => void }) {
  const killed = useKilled()
  const why = killed
    ? 'The kill switch was turned on, which denies what waits; nothing was done.'
    : 'It was decided meanwhile.'
  return (
    <>
      <p className="entry-problem" role="status">
        {expired ? 'Its time to be approved is over; nothing was done.' : why}
      </p>
      <div className="ask-buttons">
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  )
}

interface AnswerProps {
  readonly approval: ApprovalView
  readonly order: Order
  readonly onWay: (way: Way) => void
}

const give = ({ approval, order }: AnswerProps, decision: Partial<DecisionRequest>) =>
  order.run(() => decideOn(approval, decision))

function Approving(props: AnswerProps) {
  const { approval, order, onWay } = props
  const { seen, keywordRequired } = approval
  const [keyword, setKeyword] = useState('')
  const send = async () => {
    const done = await give(props, { decision: 'approve', seen, ...(keywordRequired && { keyword }) })
    if (!done) setKeyword('')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {keywordRequired && (
        <Field
          label="Approval keyword"
          type="password"
          autoComplete="off"
          autoFocus
          value={keyword}
          onChange={(event) => setKeyword(event.target.value)}
          hint="It is checked by the server and kept nowhere."
        />
      )}
      <WhyNot refusal={order.refusal} />
      <div className="ask-buttons">
        <button type="button" className="btn btn-bare" disabled={order.busy} onClick={() => onWay('edit')}>
          Edit
        </button>
        <button type="button" className="btn" disabled={order.busy} onClick={() => onWay('deny')}>
          Deny
        </button>
        <button
          type="submit"
          className="btn btn-danger"
          disabled={order.busy || (keywordRequired && keyword === '')}
        >
          {order.busy ? 'Working…' : 'Approve'}
        </button>
      </div>
    </form>
  )
}

function Denying(props: AnswerProps) {
  const [reason, setReason] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void give(props, { decision: 'deny', ...(reason.trim() && { reason: reason.trim() }) })
      }}
    >
      <Field
        label="Reason (optional)"
        autoFocus
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        hint="Whoever asked for it is told."
      />
      <WhyNot refusal={props.order.refusal} />
      <Ways {...props} word="Deny it" ready />
    </form>
  )
}

function Editing(props: AnswerProps) {
  const [text, setText] = useState(props.approval.plan.arguments)
  const args = parsed(text)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (args) void give(props, { decision: 'approve', args })
      }}
    >
      <label className="entry">
        Arguments, as JSON
        <textarea
          className="field mono"
          rows={5}
          spellCheck={false}
          value={text}
          aria-invalid={args === null || undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="entry-hint">
          {args === null ? 'This is not a JSON object.' : 'They are judged anew, and wait to be approved.'}
        </span>
      </label>
      <WhyNot refusal={props.order.refusal} />
      <Ways {...props} word="Look at the new plan" ready={args !== null} />
    </form>
  )
}

const answers = { approve: Approving, deny: Denying, edit: Editing } as const

const Ways = ({ order, onWay, word, ready }: AnswerProps & { word: string; ready: boolean }) => (
  <div className="ask-buttons">
    <button type="button" className="btn" disabled={order.busy} onClick={() => onWay('approve')}>
      Back
    </button>
    <button type="submit" className="btn btn-danger" disabled={order.busy || !ready}>
      {order.busy ? 'Working…' : word}
    </button>
  </div>
)

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
