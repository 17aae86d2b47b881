import type { ProblemDetails } from '../contract/problem.ts'

const TIMEOUT = 15_000

/** A refusal in the server's words; status 0 when it could not be reached. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly traceId: string | null
  readonly cure: readonly string[]

  constructor(status: number, details: ProblemDetails) {
    const illegal = Object.values(details.errors ?? {})
      .flat()
      .join(' ')
    super(illegal || details.detail || details.title || `The server answered ${status}`)
    this.status = status
    this.code = details.code ?? ''
    this.traceId = details.traceId ?? null
    this.cure = details.cure ?? (details.detail ?? '').match(/pveum [^\n]+/g) ?? []
  }
}

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT), ...init })
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError'
    throw new Problem(0, {
      detail: late ? 'The server did not answer in time' : 'The server cannot be reached',
    })
  }
  if (answer.ok) return answer
  throw new Problem(answer.status, await details(answer))
}

async function details(answer: Response): Promise<ProblemDetails> {
  const isJson = answer.headers.get('content-type')?.includes('json')
  if (!isJson) return {}
  try {
    return (await answer.json()) as ProblemDetails
  } catch {
    return {}
  }
}
