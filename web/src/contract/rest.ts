import type { EventView } from './hubs.gen.ts'

export interface SignedIn {
  readonly accessToken: string
  /** Seconds. */
  readonly expiresIn: number
  readonly role: string
  readonly user: string
  /** True when the database cannot be used: the session ends with the server's process. */
  readonly emergency: boolean
}

/** RFC 9457; `code` is stable. */
export interface ProblemDetails {
  readonly title?: string
  readonly detail?: string
  readonly status?: number
  readonly code?: string
  readonly traceId?: string
}

export interface EventsPage {
  readonly items: readonly EventView[]
  /** Pass as `before` for the page after this one; null at the end. */
  readonly next: number | null
}

export interface Metrics {
  readonly target: string
  readonly range: string
  readonly stepSeconds: number
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly series: Readonly<Record<string, readonly (number | null)[] | null>>
}
