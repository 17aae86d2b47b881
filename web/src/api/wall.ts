import type { SignedIn } from '../contract/rest.gen.ts'
import { accept } from './auth.ts'
import { send } from './http.ts'

/** Exchanges the token of a wall display's link for a session that can only look. */
export const enterWall = async (token: string): Promise<SignedIn> =>
  accept(
    await send('/api/auth/wall', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    }),
  )
