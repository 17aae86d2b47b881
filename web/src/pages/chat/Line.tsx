import type { ChatLine, ChatToolLine } from '../../contract/rest.gen.ts'
import { path } from '../../lib/match.ts'
import { sayTool } from '../../lib/tool.ts'

const HOW: Readonly<Record<string, string>> = {
  completed: 'done',
  failed: 'failed',
  refused: 'refused',
  awaitingApproval: 'waits for consent',
  running: 'goes on',
  unknown: 'end not known',
}

/** A line of a conversation; an answer with who gave it and what it did. */
export function Line({ line }: { line: ChatLine }) {
  if (line.role === 'user')
    return (
      <p className="chat-line" data-role="user">
        {line.text}
      </p>
    )
  return (
    <div className="chat-line" data-role="assistant">
      {line.tools.length > 0 && (
        <ul className="chat-tools" aria-label="What was called">
          {line.tools.map((tool) => (
            <Tool key={tool.callId} tool={tool} />
          ))}
        </ul>
      )}
      <p className="chat-text">{line.text}</p>
      {line.provider !== null && <span className="tag">{line.provider}</span>}
    </div>
  )
}

function Tool({ tool }: { tool: ChatToolLine }) {
  const how = tool.status === null ? 'begun' : (HOW[tool.status] ?? tool.status)
  return (
    <li data-error={tool.isError}>
      <details>
        <summary>
          <b>{sayTool(tool.name)}</b> <span>{how}</span>
        </summary>
        <pre>{JSON.stringify(tool.args, null, 1)}</pre>
        {tool.summary !== null && <p>{tool.summary}</p>}
      </details>
      {tool.approvalId !== null && (
        <a className="btn" href={path('approvals', tool.approvalId)}>
          Read the plan and decide
        </a>
      )}
    </li>
  )
}
