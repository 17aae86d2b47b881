const KEPT = 'jarvis-setup'

/** Takes the one-time token out of the address before anything else can see it; a reload of the tab still knows it. */
function take(): string {
  const given = location.pathname.startsWith('/setup') ? location.hash.slice(1) : ''
  if (!given) return sessionStorage.getItem(KEPT) ?? ''
  history.replaceState(null, '', location.pathname + location.search)
  sessionStorage.setItem(KEPT, given)
  return given
}

let token = take()

export const setupToken = (): string => token

export function forgetSetupToken(): void {
  token = ''
  sessionStorage.removeItem(KEPT)
}
