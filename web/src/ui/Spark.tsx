/** A small line over a fixed 0–1 range; gaps stay gaps. */
export function Spark({
  values,
  slots,
  label,
}: {
  values: readonly (number | null)[]
  slots: number
  label: string
}) {
  const width = 100
  const height = 24
  const first = Math.max(0, slots - values.length)
  let pen = false
  const line = values
    .map((value, i) => {
      if (value === null) {
        pen = false
        return ''
      }
      const x = ((first + i) / (slots - 1)) * width
      const y = height - 1 - Math.min(1, Math.max(0, value)) * (height - 2)
      const command = pen ? 'L' : 'M'
      pen = true
      return `${command}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path
        d={line}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
