import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { best } from '../../lib/fuzzy.ts'
import { useClusters } from '../../stores/clusters.ts'
import { navigate } from '../../stores/location.ts'
import { lay, useOverlay } from '../../stores/overlay.ts'
import { useSession } from '../../stores/session.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'
import { type Entry, entriesOf } from './entries.ts'
import './palette.css'

const MOST = 50
const PAGE = 8

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => (at >= last ? 0 : at + 1),
  ArrowUp: (at, last) => (at <= 0 ? last : at - 1),
  PageDown: (at, last) => Math.min(last, at + PAGE),
  PageUp: (at) => Math.max(0, at - PAGE),
}

const texts = ({ lower, words }: Entry) => [lower, words] as const

export default function Palette() {
  // As it was when the palette opened: what is being chosen from must not move.
  const [all] = useState(() =>
    entriesOf(
      Object.values(useClusters.getState().all).sort((a, b) => a.key.localeCompare(b.key)),
      useSession.getState().role,
    ),
  )
  const [query, setQuery] = useState(() => useOverlay.getState().typed)
  const asked = useDeferredValue(query)
  const found = useMemo(() => best(all, asked, MOST, texts), [all, asked])
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const active = Math.min(at, found.length - 1)

  const move = (next: number) => {
    setAt(next)
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
  }
  const choose = ({ go }: Entry) => {
    lay(null)
    if (typeof go === 'string') navigate(go)
    else go()
  }
  function press(event: KeyboardEvent) {
    const step = steps[event.key]
    if (event.key === 'Enter') {
      // The list may still be of fewer letters than were typed; what counts is what was typed.
      const chosen = asked === query ? found[active] : best(all, query, 1, texts)[0]
      if (chosen) choose(chosen)
    }
    if (!step || found.length === 0) return
    event.preventDefault()
    move(step(active, found.length - 1))
  }

  return (
    <Dialog label="Command palette" className="palette" onClose={() => lay(null)}>
      <input
        className="palette-field"
        autoFocus
        role="combobox"
        aria-label="Go to or do"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `palette-${active}` : undefined}
        placeholder="Node, guest, storage, page or command"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          move(0)
        }}
        onKeyDown={press}
      />
      <div ref={list} className="palette-list" id="palette-list" role="listbox" aria-label="Found">
        {found.map((entry, i) => (
          <Row
            key={`${entry.id} ${String(entry.go)}`}
            entry={entry}
            index={i}
            active={i === active}
            onChoose={choose}
          />
        ))}
      </div>
      <p className="palette-foot" role="status">
        {found.length === 0 && 'Nothing is called so.'}
        {found.length === MOST && asked !== '' && `The ${MOST} closest; type more to narrow it.`}
        {found.length > 0 && (found.length < MOST || asked === '') && '↑ ↓ choose · Enter goes · Esc closes'}
      </p>
    </Dialog>
  )
}

interface RowProps {
  readonly entry: Entry
  readonly index: number
  readonly active: boolean
  readonly onChoose: (entry: Entry) => void
}

// Focus stays in the field, which moves the active row by keyboard.
const Row = ({ entry, index, active, onChoose }: RowProps) => (
  <div
    id={`palette-${index}`}
    className="palette-row"
    role="option"
    tabIndex={-1}
    aria-selected={active}
    onClick={() => onChoose(entry)}
    onKeyDown={undefined}
  >
    {entry.state === null || entry.state === 'template' ? (
      <Mark shape="ring" tone="off" />
    ) : (
      <Mark {...look(entry.state)} label={entry.state} />
    )}
    <span className="palette-title cut">{entry.title}</span>
    <span className="palette-about cut">{entry.about}</span>
    <span className="palette-kind">{entry.kind}</span>
  </div>
)
