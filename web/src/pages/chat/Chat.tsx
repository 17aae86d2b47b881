import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { ask, lines, remove, sessions } from '../../api/chat.ts'
import type { PageProps } from '../../app/page.ts'
import type { ChatLine } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { path } from '../../lib/match.ts'
import { useTitle } from '../../lib/title.ts'
import { useDraft } from '../../stores/drafts.ts'
import { navigate } from '../../stores/location.ts'
import { Refused } from '../../ui/Refused.tsx'
import { Told } from '../../ui/Told.tsx'
import { Line } from './Line.tsx'
import './chat.css'

const EXAMPLES = [
  'Is everything all right?',
  'What uses the most memory?',
  'Which guests have no backup?',
  'What happened last night?',
]

/** Conversations with Jarvis: the chosen one, or a new one, and the others beside it. */
export default function Chat({ params }: PageProps) {
  useTitle('Chat')
  const [past, setPast] = useState(0)
  return (
    <article className="chat">
      <h1>Chat</h1>
      <Past chosen={params.id ?? null} count={past} />
      <Talk key={params.id ?? 'new'} id={params.id ?? null} onBegun={() => setPast((count) => count + 1)} />
    </article>
  )
}

function Past({ chosen, count }: { chosen: string | null; count: number }) {
  const asked = useAnswer(`chats ${count}`, sessions)
  const { busy, refusal, run } = useOrder()
  const drop = (id: string) =>
    run(async () => {
      await remove(id)
      asked.reload()
      if (id === chosen) navigate('/chat')
    })
  return (
    <nav className="chat-past" aria-label="Conversations">
      <a className="btn" href="/chat">
        New conversation
      </a>
      <Refused refusal={refusal} />
      <Told what="your conversations" asked={asked}>
        {(all) => (
          <ul>
            {all.map(({ id, title }) => (
              <li key={id}>
                <a href={path('chat', id)} aria-current={id === chosen ? 'page' : undefined}>
                  {title}
                </a>
                <button
                  type="button"
                  className="chat-drop"
                  disabled={busy}
                  aria-label={`Delete “${title}”`}
                  onClick={() => drop(id)}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
      </Told>
    </nav>
  )
}

function Talk({ id, onBegun }: { id: string | null; onBegun: () => void }) {
  const kept = useAnswer(id === null ? null : `chat ${id}`, () => lines(id ?? ''))
  const [fresh, setFresh] = useState<readonly ChatLine[]>([])
  const [asking, setAsking] = useState<string | null>(null)
  const [text, setText] = useDraft('chat', '')
  const { busy, refusal, run } = useOrder()
  const end = useRef<HTMLDivElement>(null)
  const session = useRef(id)
  const old = kept.value ?? []
  const all = [...old, ...fresh.filter((line) => !old.some(({ number }) => number === line.number))]
  const count = all.length

  useEffect(() => {
    if (count > 0 || asking !== null) end.current?.scrollIntoView({ block: 'end' })
  }, [count, asking])

  const send = async (message: string) => {
    const words = message.trim()
    if (words === '' || busy) return
    setText('')
    setAsking(words)
    const done = await run(async () => {
      const answer = await ask(words, session.current)
      const at = new Date().toISOString()
      const blank = { at, provider: null, tools: [] }
      setFresh((before) => [
        ...before,
        { ...blank, number: count + 1, role: 'user', text: words },
        {
          number: count + 2,
          role: 'assistant',
          text: answer.text,
          at,
          provider: answer.provider,
          tools: answer.tools,
        },
      ])
      if (session.current === null) {
        session.current = answer.sessionId
        // The address of the conversation, without leaving what is on the screen.
        window.history.replaceState(null, '', path('chat', answer.sessionId))
        onBegun()
      }
    })
    setAsking(null)
    // What was refused is not lost.
    if (!done) setText(words)
  }

  return (
    <section className="chat-talk" aria-label="Conversation">
      <div className="chat-lines" role="log" aria-live="polite">
        {id !== null && (
          <Told what="this conversation" asked={kept}>
            {() => null}
          </Told>
        )}
        {count === 0 && asking === null && id === null && <Begin onPick={send} />}
        {all.map((line) => (
          <Line key={line.number} line={line} />
        ))}
        {asking !== null && (
          <>
            <p className="chat-line" data-role="user">
              {asking}
            </p>
            <p className="chat-wait">Jarvis is looking…</p>
          </>
        )}
        <div ref={end} />
      </div>
      <Refused refusal={refusal} />
      <Write text={text} busy={busy} onText={setText} onSend={send} />
    </section>
  )
}

function Begin({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className="chat-begin">
      <p>
        Ask about any node, guest, storage, backup or task, or say what to do. What needs consent asks for it.
      </p>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example}>
            <button type="button" className="btn" onClick={() => onPick(example)}>
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface Writing {
  readonly text: string
  readonly busy: boolean
  readonly onText: (text: string) => void
  readonly onSend: (text: string) => void
}

function Write({ text, busy, onText, onSend }: Writing) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSend(text)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSend(text)
  }
  return (
    <form className="chat-write" onSubmit={submit}>
      <label>
        <span className="sr-only">Message</span>
        <textarea
          className="field"
          rows={2}
          maxLength={8000}
          placeholder="Ask Jarvis"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={key}
        />
      </label>
      <button type="submit" className="btn" disabled={busy || text.trim() === ''}>
        {busy ? 'Asking…' : 'Send'}
      </button>
    </form>
  )
}
