import type { FormEvent, KeyboardEvent } from 'react'
import { providers } from '../../api/chat.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { useChats } from '../../stores/chat.ts'

interface Props {
  readonly text: string
  /** Empty for whoever suits. */
  readonly provider: string
  /** What is written takes the place of what was asked last. */
  readonly editing: boolean
  readonly busy: boolean
  readonly onText: (text: string) => void
  readonly onProvider: (provider: string) => void
  readonly onSend: () => void
  /** Null when nothing is being answered. */
  readonly onStop: (() => void) | null
  readonly onLeave: () => void
}

/** Where one writes, and chooses who answers. */
export function Composer({
  text,
  provider,
  editing,
  busy,
  onText,
  onProvider,
  onSend,
  onStop,
  onLeave,
}: Props) {
  const { value } = useAnswer('chat providers', providers)
  const linked = useChats((chats) => chats.linked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSend()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && editing) onLeave()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSend()
  }
  const models = value?.filter(({ model }) => model !== null) ?? []
  return (
    <form className="chat-write" onSubmit={submit}>
      {editing && (
        <p className="chat-editing">
          This takes the place of what you asked last.{' '}
          <button type="button" onClick={onLeave}>
            Leave it
          </button>
        </p>
      )}
      <label>
        <span className="sr-only">Message</span>
        <textarea
          className="field"
          rows={2}
          maxLength={8000}
          placeholder="Ask Jarvis"
          value={text}
          readOnly={busy}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={key}
        />
      </label>
      <div className="chat-send">
        {models.length > 0 && (
          <select
            className="field"
            aria-label="Who answers"
            value={provider}
            onChange={(event) => onProvider(event.target.value)}
          >
            <option value="">Whoever suits</option>
            {value?.map(({ name, model, unready }) => (
              <option key={name} value={name} disabled={unready !== null}>
                {name}
                {model !== null && ` (${model})`}
                {unready !== null && ', not now'}
              </option>
            ))}
          </select>
        )}
        {onStop ? (
          <button type="button" className="btn btn-strong" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" className="btn btn-strong" disabled={busy || text.trim() === ''}>
            {busy ? 'Sending…' : 'Send'}
          </button>
        )}
      </div>
      {!linked && (
        <p className="chat-away" role="status">
          Connecting…
        </p>
      )}
    </form>
  )
}
