import { create } from 'zustand'

export const useLocation = create<{ readonly path: string }>(() => ({ path: location.pathname }))

addEventListener('popstate', () => useLocation.setState({ path: location.pathname }))

export function navigate(path: string, replace = false): void {
  if (path === useLocation.getState().path) return
  history[replace ? 'replaceState' : 'pushState'](null, '', path)
  useLocation.setState({ path })
}

/** Links within the app are plain anchors; this keeps them from loading the page anew. */
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const path = link?.getAttribute('href')
  if (!link || link.target || !path?.startsWith('/')) return
  event.preventDefault()
  navigate(path)
})
