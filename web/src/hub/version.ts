import { page } from '../api/page.ts'
import { installWorker } from '../lib/worker.ts'
import { useLink } from '../stores/link.ts'
import { navigate } from '../stores/location.ts'
import { newer, useVersion } from '../stores/version.ts'

const LEFT = 'jarvis-left-version'

/** Each build names its first script anew. */
const entry = (): string | null =>
  document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null

/** Asks the server whether it hands out another page than this one; while it cannot say, it does not. */
export async function checkVersion(): Promise<boolean> {
  const mine = entry()
  if (mine === null) return false
  try {
    const now = await page()
    if (now.includes(`"${mine}"`) || !now.includes('id="root"')) return false
  } catch {
    return false
  }
  newer()
  return true
}

/** For a page that nobody stands before: takes up the server's version, each build trying it once. */
export function moveOn(): void {
  const mine = entry() ?? ''
  if (sessionStorage.getItem(LEFT) === mine) return
  sessionStorage.setItem(LEFT, mine)
  location.reload()
}

/** Notices when the server hands out another page than this one, whose lazy parts are then gone. */
export function followVersion(): void {
  addEventListener('vite:preloadError', () => {
    void checkVersion().then((isNewer) => useVersion.setState({ partMissing: !isNewer }))
  })
  // A server that was away may have come back as another.
  useLink.subscribe(({ status }, before) => {
    if (status === 'connected' && before.status === 'reconnecting') void checkVersion()
  })
  if (import.meta.env.PROD) installWorker(newer, navigate)
}
