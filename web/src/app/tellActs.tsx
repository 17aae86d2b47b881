import { type Action, toast } from 'sonner'
import { act, stop } from '../hub/act.ts'
import { path } from '../lib/match.ts'
import { type Act, askAbout, isOver, useActs } from '../stores/acts.ts'
import { type ApprovalView, useGate } from '../stores/gate.ts'
import { tellOutside } from '../stores/notify.ts'
import { useMay } from '../stores/session.ts'
import { Mark } from '../ui/Mark.tsx'
import { look } from '../ui/states.ts'

const words: Readonly<Record<Act['outcome'], string>> = {
  sent: 'Asked for…',
  running: 'Under way…',
  completed: 'Done.',
  failed: 'It failed.',
  refused: 'It was refused.',
  unknown: 'Whether it was done is not known.',
  waiting: 'It waits to be approved.',
  planned: '',
}

const severities: Partial<Record<Act['outcome'], 'error' | 'warning'>> = {
  failed: 'error',
  refused: 'error',
  unknown: 'warning',
}

const severityOf = ({ outcome, caution }: Act) => severities[outcome] ?? (caution ? 'warning' : undefined)

const face = (act: Act) => {
  const severity = severityOf(act)
  if (severity) return <Mark {...look(severity)} label={severity} />
  return act.outcome === 'completed' ? (
    <Mark shape="disc" tone="good" label="done" />
  ) : (
    <Mark shape="spin" tone="info" label="under way" />
  )
}

const buttonOf = (started: Act): Action | undefined => {
  const { outcome, auditId, undo } = started
  if (undo) return { label: 'Undo', onClick: () => void act(undo) }
  if (outcome !== 'running' || auditId === null) return undefined
  return {
    label: 'Cancel',
    onClick: (event) => {
      event.preventDefault()
      void stop(started)
    },
  }
}

/** What became of it in words, and of each guest where there were many; whoever may read the audit is led there. */
function Became({ act }: { act: Act }) {
  const { outcome, auditId, why, steps } = act
  const reads = useMay('admin') && auditId !== null && isOver(act)
  return (
    <>
      {[words[outcome], why].filter(Boolean).join(' ')}
      {steps.length > 0 && (
        // A toast keeps the height that it had when it was last told.
        <details className="toast-steps" onToggle={() => show(act)}>
          <summary>Each guest</summary>
          <ul>
            {steps.map(({ vmid, name, outcome: how, target, told }) => (
              <li key={vmid}>
                {name} ({vmid}): {how}
                {how === 'done' ? target && `, now on ${target}` : told && `: ${told}`}
              </li>
            ))}
          </ul>
        </details>
      )}
      {reads && (
        <a className="toast-audit" href={path('audit', auditId)}>
          In the audit
        </a>
      )}
    </>
  )
}

function show(act: Act): void {
  const severity = severityOf(act)
  const stays = severity || act.undo || act.why
  toast(act.title, {
    id: act.id,
    description: <Became act={act} />,
    duration: isOver(act) ? (stays ? 30_000 : 6_000) : Number.POSITIVE_INFINITY,
    icon: face(act),
    className: severity === 'error' ? 'toast-error' : 'toast-act',
    action: buttonOf(act),
  })
}

function showWaiting(approval: ApprovalView): void {
  const { id, plan, person, actor, channel } = approval
  const about = `${person ?? actor} asks by ${channel}`
  toast(plan.summary, {
    id: `approval ${id}`,
    description: about,
    duration: Number.POSITIVE_INFINITY,
    icon: <Mark shape="triangle" tone="warn" label="waits for you" />,
    className: 'toast-act',
    action: { label: 'Decide', onClick: () => askAbout(approval) },
  })
  tellOutside(`Waits for you: ${plan.summary}`, about, `approval ${id}`, `/approvals/${id}`)
}

/** Shows who has come to wait, and takes away who waits no longer. */
function tellWaiting(waiting: readonly ApprovalView[], told: Set<string>): void {
  const { question } = useActs.getState()
  const asked = question?.kind === 'approval' ? question.approval.id : null
  const ids = new Set(waiting.map(({ id }) => id))
  for (const id of told) {
    if (!ids.has(id) && told.delete(id)) toast.dismiss(`approval ${id}`)
  }
  for (const approval of waiting) {
    if (!told.has(approval.id) && approval.id !== asked) showWaiting(approval)
    told.add(approval.id)
  }
}

/** Tells what became of what a person asked for, and who waits for one; returns what ends it. */
export function tellActs(): () => void {
  const told = new Set<string>()
  const acts = useActs.subscribe(({ all, question }, before) => {
    for (const [id, act] of all) if (before.all.get(id) !== act) show(act)
    // What is being decided needs no message beside it.
    if (question?.kind === 'approval') toast.dismiss(`approval ${question.approval.id}`)
  })
  const gate = useGate.subscribe(({ waiting }) => tellWaiting(waiting ?? [], told))
  return () => {
    acts()
    gate()
  }
}
