import { bearer, holder, refresh } from './auth.ts'
import { Problem, send } from './http.ts'

interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: Readonly<Record<string, string | number | boolean | null>>
  readonly body?: unknown
  /** Milliseconds; for what the server itself has to ask of others. */
  readonly patience?: number
  /** The same key twice does it once. */
  readonly once?: string
  /** What takes long is answered when it has begun, and is followed from here. */
  readonly follows?: boolean
}

function init({ method = 'GET', body, patience, once, follows }: Ask): RequestInit {
  const headers: Record<string, string> = bearer()
  if (once !== undefined) headers['idempotency-key'] = once
  if (follows) headers.prefer = 'respond-async'
  if (body !== undefined) headers['content-type'] = 'application/json'
  return {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(patience === undefined ? {} : { signal: AbortSignal.timeout(patience) }),
  }
}

function address(path: string, query: Ask['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
  return search ? `${path}?${search}` : path
}

async function answered(path: string, ask: Ask): Promise<Response> {
  const url = address(path, ask.query)
  const asker = holder()
  try {
    return await send(url, init(ask))
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 401 || !(await refresh())) throw problem
    // What one person asked for is never asked for as another, who signed in in another tab.
    if (asker !== null && holder() !== asker) throw problem
    return await send(url, init(ask))
  }
}

/** Asks with the session's token, which is renewed once when it is refused. */
export async function request<T>(path: string, ask: Ask = {}): Promise<T> {
  const text = await (await answered(path, ask)).text()
  // What succeeds may have nothing to tell.
  return (text === '' ? null : JSON.parse(text)) as T
}

/** The same where what succeeds is a file. */
export const text = async (path: string, ask: Ask): Promise<string> => (await answered(path, ask)).text()

/** The same where success has nothing to tell. */
export async function order(path: string, ask: Ask): Promise<void> {
  await answered(path, ask)
}
