import { lazy, Suspense } from 'react'
import type { ChatDetails, ChatLine } from '../../contract/rest.gen.ts'
import { sayTool } from '../../lib/tool.ts'
import { Boundary } from '../../ui/Boundary.tsx'
import { ToolCard } from './ToolCard.tsx'

const Markdown = lazy(() => import('./Markdown.tsx'))

interface Props {
  readonly line: ChatLine
  /** How far its calls are. */
  readonly progress?: Readonly<Record<string, string>>
  readonly waiting?: boolean
  /** What it offers may still be taken. */
  readonly newest: boolean
  readonly onSay: (words: string) => void
  readonly onAgain: (() => void) | null
  readonly onEdit: (() => void) | null
}

/** A line of a conversation; an answer with who gave it, why, what it did and what that cost. */
export function Line({ line, progress = {}, waiting = false, newest, onSay, onAgain, onEdit }: Props) {
  const { role, text, tools, provider, details } = line
  if (role === 'user')
    return (
      <div className="chat-line" data-role="user">
        <p>{text}</p>
        {onEdit && (
          <button type="button" className="chat-again" onClick={onEdit}>
            Edit
          </button>
        )}
      </div>
    )
  if (role === 'outcome')
    return (
      <p className="chat-line" data-role="outcome" data-error={tools.some(({ isError }) => isError)}>
        {text}
      </p>
    )
  return (
    <div className="chat-line" data-role="assistant">
      {tools.length > 0 && (
        <ul className="chat-tools" aria-label="What was called">
          {tools.map((tool) => (
            <ToolCard key={tool.callId} tool={tool} progress={progress[tool.callId] ?? null} />
          ))}
        </ul>
      )}
      <div className="chat-text">
        <Boundary name="The answer" fallback={<p className="chat-plain">{text}</p>}>
          <Suspense fallback={<p className="chat-plain">{text}</p>}>
            <Markdown text={text} />
          </Suspense>
        </Boundary>
        {waiting && <p className="chat-wait">{text === '' ? 'Jarvis is looking…' : '…'}</p>}
      </div>
      {details?.unproven && (
        <p className="chat-unproven" role="note">
          Without a receipt: “{details.unproven}” Nothing here shows that this was done.
        </p>
      )}
      {newest && details && details.proposals.length > 0 && <Offers details={details} onSay={onSay} />}
      <p className="chat-foot">
        {provider !== null && <Badge provider={provider} details={details} />}
        {details?.stopped && <span className="tag">stopped</span>}
        {details?.usage && <Cost usage={details.usage} />}
        {onAgain && (
          <button type="button" className="chat-again" onClick={onAgain}>
            Ask again
          </button>
        )}
      </p>
    </div>
  )
}

/** Who answered; opened it tells why. */
function Badge({ provider, details }: { provider: string; details: ChatDetails | null }) {
  if (!details || details.reasons.length === 0) return <span className="tag">{provider}</span>
  return (
    <details className="chat-badge">
      <summary className="tag" title={details.reasons.join('\n')}>
        {provider}
      </summary>
      <ul>
        {details.model !== null && <li>Model: {details.model}</li>}
        {details.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  )
}

function Cost({ usage }: { usage: NonNullable<ChatDetails['usage']> }) {
  const { inputTokens, outputTokens, costMicros } = usage
  const tokens = `${inputTokens} tokens read, ${outputTokens} written`
  return (
    <span className="mono dim" title={tokens}>
      {costMicros === 0 ? tokens : `$${(costMicros / 1e6).toFixed(costMicros < 10_000 ? 4 : 2)}`}
    </span>
  )
}

/** What was not asked for plainly enough to be done. */
const Offers = ({ details, onSay }: { details: ChatDetails; onSay: (words: string) => void }) => (
  <fieldset className="chat-offers" aria-label="What could be done">
    {details.proposals.map(({ tool, args }) => (
      <p key={`${tool} ${JSON.stringify(args)}`}>
        <b>{sayTool(tool)}</b> <code>{JSON.stringify(args)}</code>
      </p>
    ))}
    <button type="button" className="btn btn-strong" onClick={() => onSay('yes')}>
      Yes, do it
    </button>
    <button type="button" className="btn" onClick={() => onSay('no')}>
      No
    </button>
  </fieldset>
)
