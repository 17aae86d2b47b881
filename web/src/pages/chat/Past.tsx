import { useDeferredValue, useEffect, useState } from 'react'
import { remove, rename, sessions, transcript } from '../../api/chat.ts'
import type { ChatSession } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { type Order, useOrder } from '../../hub/useOrder.ts'
import { path } from '../../lib/match.ts'
import { saveAs } from '../../lib/save.ts'
import { useChats } from '../../stores/chat.ts'
import { navigate } from '../../stores/location.ts'
import { Refused } from '../../ui/Refused.tsx'
import { Told } from '../../ui/Told.tsx'

/** The conversations there are, and what can be done with one. */
export function Past({ chosen }: { chosen: string | null }) {
  const [words, setWords] = useState('')
  const search = useDeferredValue(words.trim())
  const asked = useAnswer(`chats ${search}`, () => sessions(search))
  const listed = useChats((chats) => chats.listed)
  const order = useOrder()
  const { reload } = asked
  useEffect(() => {
    if (listed > 0) reload()
  }, [listed, reload])
  return (
    <nav className="chat-past" aria-label="Conversations">
      <a className="btn" href="/chat">
        New conversation
      </a>
      <input
        type="search"
        className="field"
        aria-label="Search conversations"
        placeholder="Search"
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Refused refusal={order.refusal} />
      <Told what="your conversations" asked={asked}>
        {(all) =>
          all.length === 0 ? (
            <p className="dim">{search === '' ? 'None yet.' : 'Those words stand in none.'}</p>
          ) : (
            <ul>
              {all.map((session) => (
                <One key={session.id} session={session} chosen={session.id === chosen} order={order} />
              ))}
            </ul>
          )
        }
      </Told>
    </nav>
  )
}

interface OneProps {
  readonly session: ChatSession
  readonly chosen: boolean
  readonly order: Order
}

function One({ session: { id, title }, chosen, order: { busy, run } }: OneProps) {
  const [naming, setNaming] = useState<string | null>(null)
  if (naming !== null)
    return (
      <li>
        <form
          className="chat-naming"
          onSubmit={(event) => {
            event.preventDefault()
            void run(() => rename(id, naming)).then((done) => done && setNaming(null))
          }}
        >
          <input
            className="field"
            ref={(field) => field?.focus()}
            aria-label="Title"
            required
            maxLength={200}
            value={naming}
            onChange={(event) => setNaming(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setNaming(null)}
          />
          <button type="submit" className="btn" disabled={busy}>
            Save
          </button>
        </form>
      </li>
    )
  const drop = () =>
    run(async () => {
      await remove(id)
      if (chosen) navigate('/chat')
    })
  return (
    <li>
      <a href={path('chat', id)} aria-current={chosen ? 'page' : undefined}>
        {title}
      </a>
      {chosen && (
        <span className="chat-deeds">
          <button type="button" onClick={() => setNaming(title)}>
            Rename
          </button>
          <button
            type="button"
            disabled={busy}
            onClick={() => run(async () => saveAs(`${title}.md`, await transcript(id), 'text/markdown'))}
          >
            Export
          </button>
        </span>
      )}
      <button
        type="button"
        className="chat-drop"
        disabled={busy}
        aria-label={`Delete “${title}”`}
        onClick={drop}
      >
        ×
      </button>
    </li>
  )
}
