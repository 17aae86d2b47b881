import { useActs } from '../stores/acts.ts'
import { forgetAnswers, useAnswers } from '../stores/answers.ts'
import { forgetChats } from '../stores/chat.ts'
import { useClusters } from '../stores/clusters.ts'
import { useEntries } from '../stores/entries.ts'
import { nextEpoch } from '../stores/epoch.ts'
import { useEvents } from '../stores/events.ts'
import { useGate } from '../stores/gate.ts'
import { useMetrics } from '../stores/metrics.ts'
import { useProgress } from '../stores/progress.ts'
import { useTrends } from '../stores/trends.ts'

/** What the next user of this screen must not find, be it still under way. */
export function forget(): void {
  nextEpoch()
  useClusters.setState({ all: {} })
  useEntries.setState({ list: null })
  useTrends.setState({ all: {} })
  useProgress.setState({ all: new Map() })
  useMetrics.setState({ all: {} })
  useEvents.setState({ feeds: {}, lastId: null, fresh: [] })
  useGate.setState({ waiting: null, trouble: null, kill: null, glasses: [] })
  useActs.setState({ all: new Map(), question: null })
  forgetChats()
  forgetAnswers()
}

const without = <T>(all: Readonly<Record<string, T>>, isOf: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !isOf(key)))

/** Everything under the key of a cluster that is no longer watched: another may come to have it. Its events stay in the
 * record, and so in the feed. */
export function dropCluster(cluster: string): void {
  const isOf = (key: string) => key === cluster
  const begins = (key: string) => key.startsWith(`${cluster} `)
  useClusters.setState(({ all }) => ({ all: without(all, isOf) }))
  useTrends.setState(({ all }) => ({ all: without(all, isOf) }))
  useMetrics.setState(({ all }) => ({ all: without(all, begins) }))
  useAnswers.setState(({ all }) => ({ all: without(all, (key) => key.split(' ')[1] === cluster) }))
  useProgress.setState(({ all }) => ({ all: new Map([...all].filter(([key]) => !begins(key))) }))
}
