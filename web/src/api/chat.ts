import type { ChatConversation, ChatProvider, ChatSession } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { order, request, text } from './request.ts'

const at = (id: string) => path('api', 'chat', 'sessions', id)

export const sessions = (search: string): Promise<readonly ChatSession[]> =>
  request('/api/chat/sessions', { query: { search: search === '' ? null : search } })

export const conversation = (id: string): Promise<ChatConversation> => request(at(id))

export const remove = (id: string): Promise<void> => order(at(id), { method: 'DELETE' })

export const rename = (id: string, title: string): Promise<void> =>
  order(at(id), { method: 'PATCH', body: { title } })

export const transcript = (id: string): Promise<string> =>
  text(`${at(id)}/export`, { query: { format: 'markdown' } })

export const providers = (): Promise<readonly ChatProvider[]> => request('/api/chat/providers')
