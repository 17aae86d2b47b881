import type { SetupState, SignedIn } from '../contract/rest.gen.ts'
import { accept } from './auth.ts'
import { send } from './http.ts'
import { order, request } from './request.ts'

export const setupState = (): Promise<SetupState> => request('/api/setup')

/** Makes the first account by the one-time token, and signs it in. */
export const createAdmin = async (token: string, user: string, password: string): Promise<SignedIn> =>
  accept(
    await send('/api/setup/admin', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, user, password }),
    }),
  )

export const finishSetup = (): Promise<void> => order('/api/setup/finish', { method: 'POST' })
