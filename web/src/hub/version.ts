import { installWorker } from '../lib/worker.ts'
import { newer } from '../stores/version.ts'

/** Notices when the server hands out another page than this one, whose lazy parts are then gone. */
export function followVersion(): void {
  addEventListener('vite:preloadError', newer)
  if (import.meta.env.PROD) installWorker(newer)
}
