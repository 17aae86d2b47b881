export const UNKNOWN = '—'

type Maybe = number | null | undefined

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

export function bytes(value: Maybe): string {
  if (value == null) return UNKNOWN
  let size = value
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`
}

export const rate = (value: Maybe): string => (value == null ? UNKNOWN : `${bytes(value)}/s`)

export const percent = (fraction: Maybe): string => {
  if (fraction == null) return UNKNOWN
  const value = fraction * 100
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)}%`
}

export const share = (part: Maybe, whole: Maybe): number | null =>
  part == null || whole == null || whole <= 0 ? null : part / whole

/** The two largest units: "12d 4h", "3h 20m", "42s". */
export function duration(seconds: Maybe): string {
  if (seconds == null || seconds < 0) return UNKNOWN
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'm'],
    [Math.floor(seconds % 60), 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}

export const since = (iso: string | null | undefined, now: number): number | null =>
  iso == null ? null : Math.max(0, (now - Date.parse(iso)) / 1_000)

/** What is used of what there is; either may be unknown. */
export function usedOf(used: Maybe, total: Maybe): string {
  if (total == null) return bytes(used)
  return used == null ? `${bytes(total)}, use unknown` : `${bytes(used)} of ${bytes(total)}`
}

export function milliseconds(value: number): string {
  if (value < 0.1) return '< 0.1 ms'
  return value < 1_000 ? `${value.toFixed(1)} ms` : `${(value / 1_000).toFixed(1)} s`
}

const pad = (value: number) => String(value).padStart(2, '0')

export function clock(at: number | string): string {
  const date = new Date(at)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
}

export function day(at: number | string): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** The time, with the day before it when that is not today. */
export const moment = (at: string): string =>
  day(at) === day(Date.now()) ? clock(at) : `${day(at).slice(5)} ${clock(at).slice(0, 5)}`

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

export const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : many}`
