import type { ReactNode } from 'react'
import { Cure } from './Cure.tsx'
import { Loading, Notice } from './Notice.tsx'

interface Asked<T> {
  readonly value: T | null
  readonly refusal: { readonly code: string; readonly words: string; readonly cure: readonly string[] } | null
  readonly busy: boolean
  readonly reload: () => void
}

interface Props<T> {
  readonly what: string
  readonly asked: Asked<T>
  /** How many lines its skeleton has. */
  readonly lines?: number
  readonly children: (value: T) => ReactNode
}

const titleOf = (code: string, what: string) => {
  if (code === 'PROXMOX_FORBIDDEN') return `Cannot see ${what}`
  return code === 'OBSERVER_BUDGET' ? 'Asked enough for now' : `Could not read ${what}`
}

/** What was asked of the server: while it is awaited, when it was refused, and when it is there. */
export function Told<T>({ what, asked, lines = 4, children }: Props<T>) {
  const { value, refusal, busy, reload } = asked
  if (value === null && !refusal) return <Loading what={what} lines={lines} />
  const again = (
    <button type="button" className="btn" disabled={busy} onClick={reload}>
      {busy ? 'Asking…' : 'Try again'}
    </button>
  )
  if (value === null && refusal)
    return (
      <Notice
        title={titleOf(refusal.code, what)}
        tone={refusal.code === 'OBSERVER_BUDGET' || refusal.code === 'PROXMOX_FORBIDDEN' ? 'warn' : 'bad'}
      >
        <p>{refusal.words}</p>
        <Cure lines={refusal.cure} />
        {again}
      </Notice>
    )
  return (
    <>
      {value !== null && children(value)}
      {refusal && (
        <p className="told-old" role="status">
          This is what was known before: {refusal.words} {again}
        </p>
      )}
    </>
  )
}
