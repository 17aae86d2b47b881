// Keeps what never changes under its name, and a page for when the server cannot be reached. Nothing of the API, of
// the hubs or of the page itself is ever kept: what is on screen is always the server's.
const OFFLINE = ['/offline.html', '/offline.css', '/offline.js', '/icon.svg']
const ASSETS = [] // filled in by the build
const CACHE = 'jarvis-1'

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(OFFLINE.map((path) => new Request(path, { cache: 'reload' }))))
      .then(() => self.skipWaiting()),
  )
})

/** What this version does not name any more is thrown away. */
async function tidy() {
  const cache = await caches.open(CACHE)
  const kept = new Set([...OFFLINE, ...ASSETS])
  for (const request of await cache.keys())
    if (!kept.has(new URL(request.url).pathname)) await cache.delete(request)
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name)
}

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()))
})

async function asset(request) {
  const cache = await caches.open(CACHE)
  const known = await cache.match(request, { ignoreVary: true })
  if (known) return known
  const answer = await fetch(request)
  // Without room for it the page works as well.
  if (answer.ok && answer.type === 'basic') await cache.put(request, answer.clone()).catch(() => {})
  return answer
}

async function page(request) {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match('/offline.html')) ?? Response.error()
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (ASSETS.includes(url.pathname)) event.respondWith(asset(request))
  else if (OFFLINE.includes(url.pathname))
    event.respondWith(fetch(request).catch(async () => (await caches.match(url.pathname)) ?? Response.error()))
})

/** A notification leads to what it is about, in a page that is open if there is one. */
async function lead(href) {
  const [open] = await self.clients.matchAll({ type: 'window' })
  if (!open) return self.clients.openWindow(href)
  await open.focus()
  open.postMessage({ go: href })
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(lead(event.notification.data?.href ?? '/'))
})
