import { resume } from './act.ts'
import { followChats } from './chat.ts'
import { followCluster } from './cluster.ts'
import { followEvents } from './events.ts'
import { followGate } from './gate.ts'

/** Everything that the server tells by itself, for as long as the session lasts. */
export function follow(signal: AbortSignal, ready: (refused: boolean) => Promise<boolean>): void {
  void followCluster(signal, ready)
  void followEvents(signal, ready)
  void followGate(signal)
  void followChats(signal, ready)
  void resume()
}
