import type {
  ApiKeyRequest,
  ApiKeyView,
  BreakGlassView,
  KeywordView,
  NewApiKey,
  Policy,
  PolicyView,
} from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { order, request } from './request.ts'

export const keyword = (): Promise<KeywordView> => request('/api/keyword')

/** Null takes it away. */
export const setKeyword = (password: string, word: string | null): Promise<KeywordView> =>
  request('/api/keyword', { method: 'PUT', body: { password, keyword: word } })

export const policy = (): Promise<PolicyView> => request('/api/policy')

/** Changes the rules as they are now, not as they were when somebody began to type. */
export async function changePolicy(change: (now: Policy) => Policy): Promise<PolicyView> {
  const now = await policy()
  return request('/api/policy', { method: 'PUT', body: change(now.policy) })
}

export const keys = (): Promise<readonly ApiKeyView[]> => request('/api/keys')

export const addKey = (key: ApiKeyRequest): Promise<NewApiKey> =>
  request('/api/keys', { method: 'POST', body: key })

export const removeKey = (id: string): Promise<void> => order(path('api', 'keys', id), { method: 'DELETE' })

export const breakGlasses = (): Promise<readonly BreakGlassView[]> => request('/api/break-glass')

export const breakGlass = (password: string, reason: string): Promise<BreakGlassView> =>
  request('/api/break-glass', { method: 'POST', body: { password, reason } })

export const endBreakGlass = (): Promise<void> => order('/api/break-glass', { method: 'DELETE' })
