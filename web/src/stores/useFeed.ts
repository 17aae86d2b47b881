import { type Feed, type Filter, feedKey, noFeed, useEvents } from './events.ts'

export const useFeed = (cluster: string, severity: Filter): Feed =>
  useEvents((state) => state.feeds[feedKey(cluster, severity)] ?? noFeed)
