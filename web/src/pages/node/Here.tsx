import { useMemo } from 'react'
import { bytes, share } from '../../lib/format.ts'
import { guestPath, storagePath } from '../../lib/places.ts'
import { TaskList } from '../../parts/tasks/TaskList.tsx'
import { useCluster } from '../../stores/clusters.ts'
import { useSight } from '../../stores/useSight.ts'
import { Bar } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'
import { Unseen } from '../../ui/Unseen.tsx'

interface Props {
  readonly cluster: string
  readonly node: string
}

const byName = (a: { name: string }, b: { name: string }) =>
  a.name.localeCompare(b.name, 'en', { numeric: true })

export function GuestsHere({ cluster, node }: Props) {
  const guests = useCluster((whole) => whole.guests)
  const { sight, ...why } = useSight('canSeeGuests')
  const here = useMemo(
    () => [...(guests?.values() ?? [])].filter((guest) => guest.node === node).sort(byName),
    [guests, node],
  )
  return (
    <section className="panel detail-facts" aria-labelledby="guests-here">
      <h2 id="guests-here">Guests here, {here.length}</h2>
      {here.length === 0 && sight !== 'seen' && <Unseen what="guests" sight={sight} {...why} />}
      {here.length === 0 && sight === 'seen' && <p className="dim">No guest lives on it.</p>}
      <ul className="detail-guests">
        {here.map((guest) => {
          const state = guest.missing ? 'missing' : guest.status
          return (
            <li key={guest.vmid}>
              <a href={guestPath(cluster, guest.vmid)}>
                <Mark {...look(state)} label={state} />
                <span className="cut">{guest.name}</span>
                <span className="mono dim">{guest.vmid}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export function StoragesHere({ cluster, node }: Props) {
  const storages = useCluster((whole) => whole.storages)
  const { sight, ...why } = useSight('canSeeStorage')
  const here = useMemo(
    () => [...(storages?.values() ?? [])].filter((each) => each.shared || each.node === node).sort(byName),
    [storages, node],
  )
  return (
    <section className="panel detail-facts" aria-labelledby="storages-here">
      <h2 id="storages-here">Storage, {here.length}</h2>
      {here.length === 0 && sight !== 'seen' && <Unseen what="storage" sight={sight} {...why} />}
      <ul className="detail-storages">
        {here.map((storage) => {
          const state = storage.missing ? 'missing' : storage.status
          const known = state === 'available'
          return (
            <li key={storage.id}>
              <a href={storagePath(cluster, storage)}>
                <Mark {...look(state)} label={state} />
                <span className="cut">{storage.name}</span>
                <span className="mono dim">{storage.shared ? 'shared' : storage.type}</span>
              </a>
              <Bar
                label={`${storage.name} in use`}
                fraction={known ? share(storage.used, storage.total) : null}
                warn={0.8}
                bad={0.9}
              />
              <span className="mono dim">
                {known ? `${bytes(storage.used)} of ${bytes(storage.total)}` : state}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

export function TasksHere({ cluster, node }: Props) {
  const tasks = useCluster((whole) => whole.tasks)
  const here = useMemo(
    () =>
      [...(tasks?.values() ?? [])]
        .filter((task) => task.node === node)
        .sort((a, b) => b.startedAt.localeCompare(a.startedAt)),
    [tasks, node],
  )
  return (
    <section className="panel detail-facts" aria-labelledby="tasks-here">
      <h2 id="tasks-here">Tasks here</h2>
      <TaskList cluster={cluster} tasks={here} />
    </section>
  )
}
