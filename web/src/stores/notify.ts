import { create } from 'zustand'
import { persist } from 'zustand/middleware'

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

/** Shows it where the page cannot be seen; one with the same tag takes the place of the one before. */
export function tellOutside(title: string, body: string, tag: string): void {
  if (!useNotify.getState().wanted || !canNotify() || Notification.permission !== 'granted') return
  if (document.visibilityState === 'visible') return
  const shown = new Notification(title, { body, tag, icon: '/icon-192.png' })
  shown.onclick = () => {
    globalThis.focus()
    shown.close()
  }
}
