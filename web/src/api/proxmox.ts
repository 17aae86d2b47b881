import type { BackupList, GuestConfig, SnapshotView, TaskLog, VolumePage } from '../contract/rest.gen.ts'
import { path } from '../lib/match.ts'
import { request } from './request.ts'

const PATIENCE = 30_000

const guest = (cluster: string, vmid: number, what: string) =>
  path('api', 'clusters', cluster, 'guests', vmid, what)

export const guestConfig = (cluster: string, vmid: number): Promise<GuestConfig> =>
  request(guest(cluster, vmid, 'config'), { patience: PATIENCE })

export const guestSnapshots = (cluster: string, vmid: number): Promise<readonly SnapshotView[]> =>
  request(guest(cluster, vmid, 'snapshots'), { patience: PATIENCE })

export const guestBackups = (cluster: string, vmid: number): Promise<BackupList> =>
  request(guest(cluster, vmid, 'backups'), { patience: PATIENCE })

export const storageContent = (cluster: string, storage: string, node: string | null): Promise<VolumePage> =>
  request(path('api', 'clusters', cluster, 'storages', storage, 'content'), {
    query: { node },
    patience: PATIENCE,
  })

export const taskLog = (cluster: string, upid: string, start: number): Promise<TaskLog> =>
  request(path('api', 'clusters', cluster, 'tasks', upid, 'log'), {
    query: { start, limit: 500 },
    patience: PATIENCE,
  })
