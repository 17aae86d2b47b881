import type { SessionView } from '../../contract/rest.gen.ts'
import { moment } from '../../lib/format.ts'
import { agentWords } from './agent.ts'

interface Props {
  readonly list: readonly SessionView[]
  readonly busy: boolean
  /** Whether they are of several people, so that each has to say whose it is. */
  readonly named?: boolean
  readonly onEnd: (id: string) => void
}

/** Sessions and a way to end each but the one that is asking. */
export const Sessions = ({ list, busy, named = false, onEnd }: Props) => (
  <ul className="rows" aria-label="Sessions">
    {list.map((session) => (
      <li key={session.id}>
        <div className="row-main">
          {named && <b>{session.user}</b>}
          <b>{session.wall ? 'Wall display' : agentWords(session.agent)}</b>
          {session.current && <span className="tag tag-strong">this one</span>}
          <span className="row-about">
            {session.address || 'address unknown'} · seen {moment(session.seenAt)} · since{' '}
            {moment(session.startedAt)}
          </span>
        </div>
        {!session.current && (
          <button
            type="button"
            className="btn"
            disabled={busy}
            aria-label={`End the session ${named ? `of ${session.user} ` : ''}from ${session.address || 'an unknown address'}`}
            onClick={() => onEnd(session.id)}
          >
            End
          </button>
        )}
      </li>
    ))}
  </ul>
)
