import type { Severity } from '../contract/hubs.gen.ts'
import type { EventPageView, MetricsAnswer } from '../contract/rest.gen.ts'
import { bearer, refresh } from './auth.ts'
import { Problem, send } from './http.ts'

async function get<T>(path: string, query: Record<string, string | number | null>): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
  const url = search ? `${path}?${search}` : path
  try {
    return (await (await send(url, { headers: bearer() })).json()) as T
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 401 || !(await refresh())) throw problem
    return (await (await send(url, { headers: bearer() })).json()) as T
  }
}

export const events = (
  cluster: string | null,
  severity: Severity | null,
  before: number | null,
): Promise<EventPageView> => get('/api/events', { limit: 100, cluster, severity, before })

export const metrics = (cluster: string, target: string, range: string): Promise<MetricsAnswer> =>
  get(
    `/api/clusters/${encodeURIComponent(cluster)}/metrics/${target.split('/').map(encodeURIComponent).join('/')}`,
    {
      range,
    },
  )
