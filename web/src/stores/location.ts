import { create } from 'zustand'

export const useLocation = create<{ readonly path: string }>(() => ({ path: location.pathname }))

addEventListener('popstate', () => useLocation.setState({ path: location.pathname }))

/** Where to lies within the app; it may carry a query or a fragment, which are no part of `path`. */
export function navigate(to: string, replace = false): void {
  const target = new URL(to, location.href)
  if (target.href !== location.href) history[replace ? 'replaceState' : 'pushState'](null, '', target)
  useLocation.setState({ path: target.pathname })
}

/** Links within the app are plain anchors; this keeps them from loading the page anew. */
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const path = link?.getAttribute('href')
  if (!link || link.target || link.hasAttribute('download') || !path?.startsWith('/')) return
  if (path.startsWith('/docs')) return
  event.preventDefault()
  navigate(path)
})
