import { memo, useMemo } from 'react'
import type { TaskView } from '../../contract/hubs.gen.ts'
import { clock, duration } from '../../lib/format.ts'
import { useCluster } from '../../stores/clusters.ts'
import { progressKey, useProgress } from '../../stores/progress.ts'
import { Bar } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import './tasks.css'

const SHOWN = 50

export default function Tasks() {
  const tasks = useCluster((cluster) => cluster.tasks)
  const key = useCluster((cluster) => cluster.key)
  const read = useCluster((cluster) => cluster.header.observedAt !== null)
  const sorted = useMemo(
    () =>
      [...(tasks?.values() ?? [])]
        .sort(
          (a, b) =>
            Number(b.state === 'running') - Number(a.state === 'running') ||
            Date.parse(b.startedAt) - Date.parse(a.startedAt),
        )
        .slice(0, SHOWN),
    [tasks],
  )
  if (!tasks || key === null || !read) return <Loading what="tasks" lines={3} />
  if (sorted.length === 0)
    return (
      <Notice title="No tasks">
        <p>Nothing runs, and nothing ran lately.</p>
      </Notice>
    )
  return (
    <ul className="tasks">
      {sorted.map((task) => (
        <TaskRow key={task.upid} cluster={key} task={task} />
      ))}
    </ul>
  )
}

const words: Readonly<Record<string, string>> = {
  qmstart: 'Start',
  qmstop: 'Stop',
  qmshutdown: 'Shut down',
  qmreboot: 'Reboot',
  qmigrate: 'Migrate',
  qmsnapshot: 'Snapshot',
  qmclone: 'Clone',
  qmdestroy: 'Destroy',
  vzstart: 'Start',
  vzstop: 'Stop',
  vzshutdown: 'Shut down',
  vzmigrate: 'Migrate',
  vzdump: 'Back up',
  aptupdate: 'Update package lists',
  startall: 'Start all guests',
  stopall: 'Stop all guests',
}

const outcome = (task: TaskView) => {
  if (task.state === 'running') return 'running'
  const took = task.endedAt === null ? null : (Date.parse(task.endedAt) - Date.parse(task.startedAt)) / 1_000
  return task.state === 'ok' && took !== null ? duration(took) : task.state
}

const TaskRow = memo(function TaskRow({ cluster, task }: { cluster: string; task: TaskView }) {
  const progress = useProgress((state) => state.all.get(progressKey(cluster, task.upid)))
  const running = task.state === 'running'
  return (
    <li className="task" data-state={task.state}>
      <Mark {...(running ? { shape: 'spin', tone: 'info' } : look(task.state))} label={task.state} />
      <span className="cut">
        {words[task.type] ?? task.type} {task.target}
      </span>
      <span className="task-outcome">{outcome(task)}</span>
      <span className="task-about cut">
        {clock(task.startedAt)} · {task.node} · {task.state === 'failed' ? task.exitStatus : task.user}
      </span>
      {running && progress?.percent != null && (
        <Bar label={`Progress of ${task.type}`} fraction={progress.percent / 100} warn={2} bad={2} />
      )}
    </li>
  )
})
