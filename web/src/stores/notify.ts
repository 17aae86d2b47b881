import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { navigate } from './location.ts'

interface Notify {
  /** Whether the browser may be asked to show what happens while this page is hidden. */
  readonly wanted: boolean
  /** True when the browser was asked and said no. */
  readonly denied: boolean
}

export const useNotify = create<Notify>()(
  persist((): Notify => ({ wanted: false, denied: false }), {
    name: 'jarvis-notify',
    version: 1,
    partialize: ({ wanted }) => ({ wanted, denied: false }),
  }),
)

/** Browsers offer them only to pages that came safely. */
export const canNotify = (): boolean => 'Notification' in globalThis && globalThis.isSecureContext

/** Asks the browser's leave when it is needed, so it has to come from a press. */
export async function notify(wanted: boolean): Promise<void> {
  if (!wanted || !canNotify()) {
    useNotify.setState({ wanted: false, denied: false })
    return
  }
  const answer =
    Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission
  useNotify.setState({ wanted: answer === 'granted', denied: answer === 'denied' })
}

/** The worker's notifications work where pages may make none of their own, such as on Android. */
async function show(title: string, options: NotificationOptions, href: string | null): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker?.active) return worker.showNotification(title, { ...options, data: { href } })
  const shown = new Notification(title, options)
  shown.onclick = () => {
    globalThis.focus()
    if (href !== null) navigate(href)
    shown.close()
  }
}

/** Shows it where the page cannot be seen; one with the same tag takes the place of the one before. */
export function tellOutside(title: string, body: string, tag: string, href: string | null): void {
  if (!useNotify.getState().wanted || !canNotify() || Notification.permission !== 'granted') return
  if (document.visibilityState === 'visible') return
  // What the browser refuses still stands in the page.
  show(title, { body, tag, icon: '/icon-192.png' }, href).catch(() => {})
}
