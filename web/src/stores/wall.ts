import { create } from 'zustand'

/** Takes the display's token out of the address before anything else can see it. */
function take(): string | null {
  const given = location.pathname === '/wall' ? location.hash.slice(1) : ''
  if (given === '') return null
  history.replaceState(null, '', '/wall')
  return given
}

export const wallToken = take()

/** Why a wall display was not let in, in the server's words. */
export const useWall = create<{ readonly refusal: string | null }>(() => ({ refusal: null }))
