// Wears the look that was chosen before anything is painted; the page itself, which checks it, comes later.
try {
  const { scheme, mode, accent, density } = JSON.parse(localStorage.getItem('jarvis-layout')).state
  const light = scheme === 'light' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: light)').matches)
  Object.assign(document.documentElement.dataset, { scheme: light ? 'light' : 'dark', mode, accent, density })
} catch {
  // Nothing was chosen yet.
}
