import { vi } from 'vitest'

type Reply = { readonly status: number; readonly body?: unknown }

export interface Asked {
  readonly method: string
  readonly url: string
  readonly body: unknown
}

export const problem = (status: number, code: string, detail: string): Reply => ({
  status,
  body: { status, code, detail },
})

/** Stands for the server's HTTP side: each address with its answers in turn, of which the last stays. */
export function answer(replies: Record<string, Reply | readonly Reply[]>): Asked[] {
  const asked: Asked[] = []
  const waiting = new Map(Object.entries(replies).map(([key, value]) => [key, [value].flat()]))
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET'
    asked.push({ method, url, body: init.body ? JSON.parse(String(init.body)) : null })
    const list = waiting.get(`${method} ${url}`)
    const reply = list && list.length > 1 ? list.shift() : list?.[0]
    if (!reply) return Promise.reject(new TypeError(`nobody answers ${method} ${url}`))
    const body = reply.body === undefined ? null : JSON.stringify(reply.body)
    return Promise.resolve(
      new Response(body, { status: reply.status, headers: { 'content-type': 'application/json' } }),
    )
  })
  return asked
}
