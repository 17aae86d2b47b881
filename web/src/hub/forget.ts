import { forgetAnswers } from '../stores/answers.ts'
import { useClusters } from '../stores/clusters.ts'
import { useEntries } from '../stores/entries.ts'
import { nextEpoch } from '../stores/epoch.ts'
import { useEvents } from '../stores/events.ts'
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
  forgetAnswers()
}
