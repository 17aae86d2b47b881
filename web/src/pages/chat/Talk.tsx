import { useEffect, useRef, useState } from 'react'
import type { ChatLine } from '../../contract/rest.gen.ts'
import { read, send, stop } from '../../hub/chat.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { path } from '../../lib/match.ts'
import { type Live, useChats } from '../../stores/chat.ts'
import { useDraft } from '../../stores/drafts.ts'
import { navigate } from '../../stores/location.ts'
import { Refused } from '../../ui/Refused.tsx'
import { Told } from '../../ui/Told.tsx'
import { Composer } from './Composer.tsx'
import { Line } from './Line.tsx'

const EXAMPLES = [
  'Is everything all right?',
  'What uses the most memory?',
  'Which guests have no backup?',
  'What happened last night?',
]
/** Whoever has scrolled up reads, and is not pulled down. */
const NEAR = 120

/** What an answer that is being given has come to, as a line. */
const asLine = (live: Live, number: number): ChatLine => ({
  number,
  role: 'assistant',
  text: live.text,
  at: '',
  provider: live.provider,
  tools: live.tools,
  details: {
    model: live.model,
    reasons: live.reasons,
    usage: null,
    unproven: live.unproven,
    proposals: live.proposals,
    error: null,
    stopped: false,
  },
})

export function Talk({ id }: { id: string | null }) {
  const talk = useChats(({ talks }) => (id === null ? undefined : talks[id]))
  const live = useChats((chats) => (id === null ? undefined : chats.live[id]))
  const [text, setText] = useDraft('chat', '')
  /** The line whose place the next message takes. */
  const [from, setFrom] = useState<number | null>(null)
  const provider = useChats((chats) => chats.speaker)
  const { busy, refusal, run } = useOrder()
  const box = useRef<HTMLDivElement>(null)
  const lines = talk?.lines ?? []
  const answering = live !== undefined && !live.over

  useEffect(() => {
    if (id !== null) void read(id)
  }, [id])
  // Their last words are what is looked at, as long as nobody has scrolled away from them.
  const near = useRef(true)
  const shown = `${lines.length} ${live?.text.length ?? 0} ${live?.tools.length ?? 0}`
  useEffect(() => {
    if (shown && near.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [shown])

  const say = async (message: string, at: number | null = from) => {
    const words = message.trim()
    if (words === '' || busy || answering) return
    near.current = true
    const done = await run(async () => {
      const session = await send({
        message: words,
        sessionId: id,
        provider: provider === '' ? null : provider,
        from: at,
      })
      if (id === null) navigate(path('chat', session))
    })
    // What was refused is not lost.
    if (done) {
      setText('')
      setFrom(null)
    } else setText(words)
  }
  const lastAsked = lines.findLast(({ role }) => role === 'user')
  const again = (line: ChatLine) =>
    line === lines.at(-1) && lastAsked ? () => say(lastAsked.text, lastAsked.number) : null
  const edit = (line: ChatLine) =>
    line === lastAsked
      ? () => {
          setText(line.text)
          setFrom(line.number)
        }
      : null

  return (
    <section className="chat-talk" aria-label="Conversation">
      <div
        ref={box}
        className="chat-lines"
        role="log"
        aria-live="polite"
        aria-busy={answering}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          near.current = scrollHeight - scrollTop - clientHeight < NEAR
        }}
      >
        {id !== null && (
          <Told
            what="this conversation"
            asked={{
              value: talk?.lines ?? null,
              refusal: talk?.refusal ?? null,
              busy: false,
              reload: () => void read(id),
            }}
          >
            {() => null}
          </Told>
        )}
        {id === null && <Begin onPick={(words) => void say(words)} />}
        {lines.map((line) => (
          <Line
            key={line.number}
            line={line}
            newest={line === lines.at(-1) && !answering}
            onSay={(words) => void say(words, null)}
            onAgain={answering ? null : again(line)}
            onEdit={answering ? null : edit(line)}
          />
        ))}
        {live && (
          <Line
            line={asLine(live, 0)}
            progress={live.progress}
            waiting={answering}
            newest={false}
            onSay={() => {}}
            onAgain={null}
            onEdit={null}
          />
        )}
      </div>
      <Refused refusal={refusal} />
      <Composer
        text={text}
        provider={provider}
        editing={from !== null}
        busy={busy}
        onText={setText}
        onProvider={(speaker) => useChats.setState({ speaker })}
        onSend={() => void say(text)}
        onStop={answering ? () => void run(() => stop(live.runId)) : null}
        onLeave={() => {
          setFrom(null)
          setText('')
        }}
      />
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
