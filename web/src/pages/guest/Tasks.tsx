import { useMemo } from 'react'
import { TaskList } from '../../parts/tasks/TaskList.tsx'
import { useCluster } from '../../stores/clusters.ts'
import type { TabProps } from './Guest.tsx'

export function Tasks({ cluster, guest }: TabProps) {
  const tasks = useCluster((whole) => whole.tasks)
  const mine = useMemo(
    () =>
      [...(tasks?.values() ?? [])]
        .filter((task) => task.target === String(guest.vmid))
        .sort((a, b) => b.startedAt.localeCompare(a.startedAt)),
    [tasks, guest.vmid],
  )
  return (
    <section className="panel detail-facts" aria-labelledby="tasks-title">
      <h2 id="tasks-title">Its tasks</h2>
      <TaskList cluster={cluster} tasks={mine} />
    </section>
  )
}
