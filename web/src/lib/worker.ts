/** Has the service worker installed, where the browser allows one; `updated` is called when a newer page was put in
 * place, `go` when a notification that leads somewhere was pressed. */
export function installWorker(updated: () => void, go: (href: string) => void): void {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker
  if (!workers) return
  // The first worker of all takes over too, and that is no news.
  let first = workers.controller === null
  workers.addEventListener('controllerchange', () => {
    if (!first) updated()
    first = false
  })
  workers.addEventListener('message', ({ data }: MessageEvent<{ readonly go?: unknown } | null>) => {
    if (typeof data?.go === 'string' && data.go.startsWith('/')) go(data.go)
  })
  // Refused for want of a safe origin: the page works without it.
  workers.register('/sw.js').catch(() => {})
}
