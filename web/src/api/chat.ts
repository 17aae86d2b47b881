import type { ChatAnswer, ChatLine, ChatSession } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { order, request } from './request.ts'

/** An answer may take several tools, of which each is followed for a minute. */
const PATIENCE = 300_000

export const ask = (message: string, sessionId: string | null): Promise<ChatAnswer> =>
  request('/api/chat', {
    method: 'POST',
    body: { message, ...(sessionId === null ? {} : { sessionId }) },
    patience: PATIENCE,
  })

export const sessions = (): Promise<readonly ChatSession[]> => request('/api/chat/sessions')

export const lines = (id: string): Promise<readonly ChatLine[]> =>
  request(path('api', 'chat', 'sessions', id))

export const remove = (id: string): Promise<void> =>
  order(path('api', 'chat', 'sessions', id), { method: 'DELETE' })
