import { setupState } from '../api/setup.ts'
import { navigate, useLocation } from '../stores/location.ts'

const FRONT_DOOR = '/'

/** Brings whoever has to be led through the set-up there; a server that cannot say so hinders nobody. */
async function lead(due: 'needsAdmin' | 'offered', from: (path: string) => boolean): Promise<void> {
  try {
    const state = await setupState()
    if (state[due] && from(useLocation.getState().path)) navigate('/setup', true)
  } catch {
    // The screen and the sign-in say for themselves what is wrong.
  }
}

/** While nobody has an account there is nothing else to do, wherever one came in. */
export const leadNewcomer = (): Promise<void> => lead('needsAdmin', () => true)

export const atFrontDoor = (): boolean => useLocation.getState().path === FRONT_DOOR

/** An administrator is offered the set-up at the front door alone: a deep link is never led astray. */
export const leadAdmin = (): Promise<void> => lead('offered', (path) => path === FRONT_DOOR)
