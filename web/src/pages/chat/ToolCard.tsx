import { lazy, Suspense } from 'react'
import type { ChatToolLine } from '../../contract/rest.gen.ts'
import { path } from '../../lib/match.ts'
import { sayTool } from '../../lib/tool.ts'
import { TierTag } from '../../parts/acts/TierTag.tsx'
import { askAbout } from '../../stores/acts.ts'
import { useGate } from '../../stores/gate.ts'

const ToolChart = lazy(() => import('./ToolChart.tsx'))

const HOW: Readonly<Record<string, string>> = {
  completed: 'done',
  failed: 'failed',
  refused: 'refused',
  awaitingApproval: 'waits for consent',
  running: 'goes on',
  unknown: 'end not known',
}

const took = (milliseconds: number) =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`

interface Props {
  readonly tool: ChatToolLine
  readonly progress: string | null
}

/** What an answer called: what with, how it ended, how long it took; what waits is decided from here. */
export function ToolCard({ tool, progress }: Props) {
  const { name, args, tier, status, isError, summary, verdict, milliseconds, approvalId } = tool
  return (
    <li data-error={isError}>
      <details>
        <summary>
          <b>{sayTool(name)}</b> {tier !== null && tier !== 'green' && <TierTag tier={tier} />}{' '}
          <span>{status === null ? (progress ?? 'begun') : (HOW[status] ?? status)}</span>
          {milliseconds !== null && <span className="mono dim"> {took(milliseconds)}</span>}
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(args, null, 1)}</pre>
        {isError && verdict !== null && <p className="mono">{verdict}</p>}
        {summary !== null && <p>{summary}</p>}
      </details>
      {name === 'get_metrics_history' && status === 'completed' && (
        <Suspense fallback={null}>
          <ToolChart args={args} />
        </Suspense>
      )}
      {approvalId !== null && status === 'awaitingApproval' && <Waits id={approvalId} />}
    </li>
  )
}

function Waits({ id }: { id: string }) {
  const approval = useGate(({ waiting }) => waiting?.find((each) => each.id === id))
  return (
    <p className="chat-waits">
      {approval && (
        <>
          {approval.plan.summary}{' '}
          <button type="button" className="btn btn-strong" onClick={() => askAbout(approval)}>
            Decide
          </button>{' '}
        </>
      )}
      <a href={path('approvals', id)}>{approval ? 'The plan' : 'Read the plan and decide'}</a>
    </p>
  )
}
