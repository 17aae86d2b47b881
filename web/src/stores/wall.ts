import { create } from 'zustand'

/** Takes the display's token out of the address before anything else can see it. */
function take(): string | null {
  const given = location.pathname === '/wall' ? location.hash.slice(1) : ''
  if (given === '') return null
  history.replaceState(null, '', '/wall')
  return given
}

interface Wall {
  /** That of the link which was opened last; null without one. */
  readonly token: string | null
  /** Why the display was not let in, in the server's words. */
  readonly refusal: string | null
}

export const useWall = create<Wall>(() => ({ token: take(), refusal: null }))

// A link that is pasted where the page is open already loads nothing anew.
addEventListener('hashchange', () => {
  const token = take()
  if (token !== null) useWall.setState({ token, refusal: null })
})
