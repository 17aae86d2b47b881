import { useState } from 'react'
import { taskLog } from '../../api/proxmox.ts'
import type { TaskView } from '../../contract/hubs.gen.ts'
import type { TaskLog } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { duration, moment } from '../../lib/format.ts'
import { taskName } from '../../lib/tasks.ts'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'
import { Told } from '../../ui/Told.tsx'
import './task-list.css'

const took = ({ startedAt, endedAt, state }: TaskView) =>
  endedAt === null ? state : `${state}, ${duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000)}`

/** Tasks with their logs, which are read when one is opened. */
export const TaskList = ({ cluster, tasks }: { cluster: string; tasks: readonly TaskView[] }) =>
  tasks.length === 0 ? (
    <p className="dim">Nothing runs, and nothing ran lately.</p>
  ) : (
    <ul className="task-list" aria-label="Tasks">
      {tasks.map((task) => (
        <Task key={task.upid} cluster={cluster} task={task} />
      ))}
    </ul>
  )

function Task({ cluster, task }: { cluster: string; task: TaskView }) {
  const [open, setOpen] = useState(false)
  const running = task.state === 'running'
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Mark {...(running ? { shape: 'spin', tone: 'info' } : look(task.state))} label={task.state} />
          <span className="task-what">
            {taskName(task.type)} {task.target}
          </span>
          <span className="task-when mono">
            {moment(task.startedAt)} · {task.node} · {task.user} · {took(task)}
          </span>
        </summary>
        {task.state === 'failed' && task.exitStatus && <p className="task-exit">{task.exitStatus}</p>}
        {open && <Log cluster={cluster} upid={task.upid} />}
      </details>
    </li>
  )
}

function Log({ cluster, upid }: { cluster: string; upid: string }) {
  const asked = useAnswer(`log ${cluster} ${upid}`, () => taskLog(cluster, upid, 0))
  return (
    <Told what="log" asked={asked}>
      {(log) => (
        <div className="task-log">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{log.lines.join('\n') || 'It wrote nothing.'}</pre>
          <Rest cluster={cluster} upid={upid} log={log} />
          {log.status === 'running' && (
            <button type="button" className="btn" disabled={asked.busy} onClick={asked.reload}>
              Read again
            </button>
          )}
        </div>
      )}
    </Told>
  )
}

/** What did not fit the first page, a page at a time. */
function Rest({ cluster, upid, log }: { cluster: string; upid: string; log: TaskLog }) {
  const [open, setOpen] = useState(false)
  const next = log.next
  const asked = useAnswer(open && next !== null ? `log ${cluster} ${upid} ${next}` : null, () =>
    taskLog(cluster, upid, next ?? 0),
  )
  if (next === null) return null
  if (!open)
    return (
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        More lines
      </button>
    )
  return (
    <Told what="log" asked={asked}>
      {(more) => (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{more.lines.join('\n')}</pre>
          <Rest cluster={cluster} upid={upid} log={more} />
        </>
      )}
    </Told>
  )
}
