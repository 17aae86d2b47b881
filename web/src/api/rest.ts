import type { Severity } from '../contract/hubs.gen.ts'
import type { EventPageView, HealthView, MetricsAnswer } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { request } from './request.ts'

export const events = (
  cluster: string,
  severity: Severity | null,
  before: number | null,
): Promise<EventPageView> =>
  request('/api/events', { query: { limit: 100, cluster, general: true, severity, before } })

export const metrics = (cluster: string, target: string, range: string): Promise<MetricsAnswer> =>
  request(path('api', 'clusters', cluster, 'metrics', ...target.split('/')), { query: { range } })

export const health = (): Promise<HealthView> => request('/api/health')
