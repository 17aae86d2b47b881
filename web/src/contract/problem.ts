/** RFC 9457; `code` is stable. */
export interface ProblemDetails {
  readonly title?: string
  readonly detail?: string
  readonly status?: number
  readonly code?: string
  readonly traceId?: string
}
