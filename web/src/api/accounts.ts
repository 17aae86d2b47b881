import type { NewWallToken, Role, SessionView, UserView, WallTokenView } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { order, request } from './request.ts'

export const sessions = (all: boolean): Promise<readonly SessionView[]> =>
  request('/api/auth/sessions', { query: { all: all ? true : null } })

export const endSession = (id: string): Promise<void> =>
  order(path('api', 'auth', 'sessions', id), { method: 'DELETE' })

export const endOtherSessions = (): Promise<void> => order('/api/auth/sessions', { method: 'DELETE' })

export const changePassword = (current: string, next: string): Promise<void> =>
  order('/api/auth/password', { method: 'POST', body: { current, next } })

export const users = (): Promise<readonly UserView[]> => request('/api/users')

export const addUser = (name: string, role: Role, password: string): Promise<UserView> =>
  request('/api/users', { method: 'POST', body: { name, role, password } })

export const changeUser = (name: string, change: { role?: Role; password?: string }): Promise<UserView> =>
  request(path('api', 'users', name), { method: 'PATCH', body: change })

export const removeUser = (name: string): Promise<void> =>
  order(path('api', 'users', name), { method: 'DELETE' })

export const wallTokens = (): Promise<readonly WallTokenView[]> => request('/api/wall')

export const addWallToken = (name: string, days: number | null): Promise<NewWallToken> =>
  request('/api/wall', { method: 'POST', body: days === null ? { name } : { name, days } })

export const removeWallToken = (id: string): Promise<void> =>
  order(path('api', 'wall', id), { method: 'DELETE' })
