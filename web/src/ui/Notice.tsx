import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly tone?: 'calm' | 'warn' | 'bad'
  readonly children?: ReactNode
}

export function Notice({ title, tone = 'calm', children }: Props) {
  return (
    <div className="notice" data-tone={tone}>
      <p className="notice-title">{title}</p>
      {children}
    </div>
  )
}

export function Loading({ what, lines = 5 }: { what: string; lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="sr-only">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <i key={line} />
      ))}
    </div>
  )
}
