import { feedKey, useEvents } from './events.ts'

/** When the target last changed to this state, if that event is among those loaded. */
export const useSince = (cluster: string, target: string, state: string): string | null =>
  useEvents(({ feeds }) => {
    const kind = target.split('/')[0]
    const items = feeds[feedKey(cluster, null)]?.items ?? []
    const found = items.find(
      (event) => event.target === target && event.cluster === cluster && event.type.startsWith(`${kind}.`),
    )
    return found?.type === `${kind}.${state}` ? found.at : null
  })
