import { create } from 'zustand'

const KEPT = 'jarvis-setup'

/** Takes the one-time token out of the address before anything else can see it; a reload of the tab still knows it. */
function take(): string {
  const given = location.pathname.startsWith('/setup') ? location.hash.slice(1) : ''
  if (!given) return sessionStorage.getItem(KEPT) ?? ''
  history.replaceState(null, '', location.pathname + location.search)
  sessionStorage.setItem(KEPT, given)
  return given
}

/** The token of the link that was opened; empty without one. */
export const useSetupToken = create<{ readonly token: string }>(() => ({ token: take() }))

// A link that is pasted where the page is open already loads nothing anew.
addEventListener('hashchange', () => useSetupToken.setState({ token: take() }))

export function forgetSetupToken(): void {
  sessionStorage.removeItem(KEPT)
  useSetupToken.setState({ token: '' })
}
