export type Shape = 'disc' | 'ring' | 'square' | 'bars' | 'cross' | 'triangle' | 'moon' | 'question' | 'spin'
export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'off' | 'accent'

const paths: Record<Shape, { d: string; filled: boolean }> = {
  disc: { d: 'M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8Z', filled: true },
  ring: { d: 'M5 1.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7Z', filled: false },
  square: { d: 'M1.8 1.8h6.4v6.4h-6.4Z', filled: false },
  bars: { d: 'M2 1.5h2v7h-2ZM6 1.5h2v7h-2Z', filled: true },
  cross: { d: 'M1.8 1.8l6.4 6.4M8.2 1.8l-6.4 6.4', filled: false },
  triangle: { d: 'M5 .8l4.4 8h-8.8Z', filled: true },
  moon: { d: 'M7.8 6.6a3.8 3.8 0 1 1-3.9-5.4a3.2 3.2 0 0 0 3.9 5.4Z', filled: true },
  question: { d: 'M2.6 3.2a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .6-1 1.3M5 8.9v.2', filled: false },
  spin: { d: 'M8.6 5a3.6 3.6 0 1 1-3.6-3.6', filled: false },
}

/** A state as a shape, because colour alone does not reach everybody; the word stands beside it or in `label`. */
export function Mark({ shape, tone, label }: { shape: Shape; tone: Tone; label?: string }) {
  const { d, filled } = paths[shape]
  const shared = {
    className: `mark tone-${tone}`,
    viewBox: '0 0 10 10',
    fill: filled ? 'currentColor' : 'none',
    stroke: filled ? 'none' : 'currentColor',
    strokeWidth: '1.6',
    strokeLinecap: 'round' as const,
  }
  return label ? (
    <svg {...shared} role="img" aria-label={label}>
      <path d={d} />
    </svg>
  ) : (
    <svg {...shared} aria-hidden="true">
      <path d={d} />
    </svg>
  )
}
