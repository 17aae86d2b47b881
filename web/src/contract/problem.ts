/** RFC 9457; `code` is stable. */
export interface ProblemDetails {
  readonly title?: string
  readonly detail?: string
  readonly status?: number
  readonly code?: string
  readonly traceId?: string
  /** By field, when what was sent is not legal. */
  readonly errors?: Readonly<Record<string, readonly string[]>>
  /** Lines to paste on a node that would cure it. */
  readonly cure?: readonly string[]
}
