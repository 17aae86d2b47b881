import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { boot, bootIsDue, endBoot } from '../../hub/boot.ts'
import { milliseconds } from '../../lib/format.ts'
import { type Check, useBoot } from '../../stores/boot.ts'
import { Mark, type Shape, type Tone } from '../../ui/Mark.tsx'
import { Wordmark } from '../../ui/Wordmark.tsx'
import './boot.css'

const looks: Readonly<Record<Check['state'], readonly [Shape, Tone, string]>> = {
  running: ['spin', 'info', 'under way'],
  good: ['disc', 'good', 'good'],
  warn: ['triangle', 'warn', 'in trouble'],
  bad: ['cross', 'bad', 'failed'],
}

/** Shows what is being looked at before the screen, once a session; the screen comes by itself when all is well. */
export function Boot({ children }: { readonly children: ReactNode }) {
  const [due] = useState(bootIsDue)
  // What comes after is much: it is built bit by bit, while the checks still stand.
  const over = useDeferredValue(useBoot((state) => state.over))
  return due && !over ? <Booting /> : children
}

function Booting() {
  const checks = useBoot((state) => state.checks)
  const way = useRef<HTMLButtonElement>(null)
  const trouble = checks.some(({ state }) => state === 'bad' || state === 'warn')
  useEffect(() => {
    const ended = new AbortController()
    void boot(ended.signal)
    return () => ended.abort()
  }, [])
  useEffect(() => {
    // What is wrong has to be read: then the button alone leads on.
    if (trouble) return
    const ended = new AbortController()
    // A key that only holds or moves says nothing.
    const skip = (event: KeyboardEvent) => {
      if (!['Tab', 'Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) endBoot()
    }
    document.addEventListener('keydown', skip, { signal: ended.signal })
    return () => ended.abort()
  }, [trouble])
  useEffect(() => {
    if (trouble) way.current?.focus()
  }, [trouble])
  return (
    <main className="boot" onPointerDown={trouble ? undefined : endBoot}>
      <h1 className="sr-only">Starting</h1>
      <Wordmark large />
      <ul className="boot-checks" aria-label="Checks" aria-live="polite">
        {checks.map(({ id, name, state, words, took }) => {
          const [shape, tone, word] = looks[state]
          return (
            <li key={id} data-state={state}>
              <Mark shape={shape} tone={tone} label={word} />
              <span className="boot-name">{name}</span>
              <span className="boot-words">{words}</span>
              <span className="boot-took mono">{took === null ? '' : milliseconds(took)}</span>
            </li>
          )
        })}
      </ul>
      <button
        ref={way}
        type="button"
        className={trouble ? 'btn btn-strong' : 'btn btn-bare'}
        onClick={endBoot}
      >
        {trouble ? 'Continue anyway' : 'Skip'}
      </button>
    </main>
  )
}
