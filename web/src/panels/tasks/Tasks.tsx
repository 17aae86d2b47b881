import { memo, useMemo } from 'react'
import type { TaskView } from '../../contract/hubs.gen.ts'
import { duration, moment } from '../../lib/format.ts'
import { taskName } from '../../lib/tasks.ts'
import { useCluster } from '../../stores/clusters.ts'
import { progressKey, useProgress } from '../../stores/progress.ts'
import { useSight } from '../../stores/useSight.ts'
import { Bar } from '../../ui/Bar.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { look } from '../../ui/states.ts'
import { Unseen } from '../../ui/Unseen.tsx'
import './tasks.css'

const SHOWN = 50

const inOrder = (tasks: Iterable<TaskView>) =>
  [...tasks]
    .sort(
      (a, b) =>
        Number(b.state === 'running') - Number(a.state === 'running') ||
        Date.parse(b.startedAt) - Date.parse(a.startedAt),
    )
    .slice(0, SHOWN)

export default function Tasks() {
  const tasks = useCluster((cluster) => cluster.tasks)
  const key = useCluster((cluster) => cluster.key)
  const read = useCluster((cluster) => cluster.header.observedAt !== null)
  const { sight, ...why } = useSight('canSeeNodes')
  const sorted = useMemo(() => (tasks ? inOrder(tasks.values()) : []), [tasks])
  if (sorted.length === 0 && (sight === 'hidden' || sight === 'blind'))
    return <Unseen what="tasks" sight={sight} {...why} />
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

const outcome = (task: TaskView, percent: number | null) => {
  if (task.state === 'running') return percent === null ? 'running' : `${Math.floor(percent)}%`
  const took = task.endedAt === null ? null : (Date.parse(task.endedAt) - Date.parse(task.startedAt)) / 1_000
  return task.state === 'ok' && took !== null ? duration(took) : task.state
}

const TaskRow = memo(function TaskRow({ cluster, task }: { cluster: string; task: TaskView }) {
  const progress = useProgress((state) => state.all.get(progressKey(cluster, task.upid)))
  const running = task.state === 'running'
  const percent = running ? (progress?.percent ?? null) : null
  return (
    <li className="task" data-state={task.state}>
      <Mark {...(running ? { shape: 'spin', tone: 'info' } : look(task.state))} label={task.state} />
      <span className="cut">
        {taskName(task.type)} {task.target}
      </span>
      <span className="task-outcome">{outcome(task, percent)}</span>
      <span className="task-about cut">
        {moment(task.startedAt)} · {task.node} · {task.state === 'failed' ? task.exitStatus : task.user}
      </span>
      {percent !== null && (
        <Bar
          label={`Progress: ${taskName(task.type)} ${task.target}`}
          fraction={percent / 100}
          warn={2}
          bad={2}
        />
      )}
      {running && progress?.line && (
        <span className="task-line cut" title={progress.line}>
          {progress.line}
        </span>
      )}
    </li>
  )
})
