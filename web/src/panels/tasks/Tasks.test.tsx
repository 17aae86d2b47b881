// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { view } from '../../../tests/support/rows.ts'
import type { TaskView } from '../../contract/hubs.gen.ts'
import { setCluster, useClusters } from '../../stores/clusters.ts'
import { fromView } from '../../stores/merge.ts'
import { setProgress, useProgress } from '../../stores/progress.ts'
import Tasks from './Tasks.tsx'

const task = (upid: string, startedAt: string, state: TaskView['state']): TaskView => ({
  upid,
  node: 'pve1',
  type: 'vzdump',
  target: upid,
  user: 'root@pam',
  startedAt,
  endedAt: state === 'running' ? null : startedAt,
  state,
  exitStatus: null,
})

beforeEach(() => {
  useClusters.setState({ all: {} })
  useProgress.setState({ all: new Map() })
  const tasks = [
    task('101', '2026-01-31T01:00:00Z', 'running'),
    task('102', '2026-01-31T03:00:00Z', 'ok'),
    task('103', '2026-01-31T02:00:00Z', 'running'),
  ]
  setCluster(fromView(view('a', [], { tasks }), 1))
})

afterEach(cleanup)

it('what runs stands first, the latest of it on top', () => {
  const list = render(<Tasks />)
  const names = [...list.container.querySelectorAll('.task > .cut:nth-child(2)')].map(
    (row) => row.textContent,
  )
  expect(names).toEqual(['Backup 103', 'Backup 101', 'Backup 102'])
})

it('a running task shows how far it is and its last line', () => {
  const list = render(<Tasks />)
  expect(list.container.querySelector('.bar')).toBeNull()
  act(() => setProgress('a', '101', { percent: 41.7, line: 'INFO: 41% (4.1 of 10 GiB)' }))
  const row = list.getByText('Backup 101').closest('li')
  expect(row?.textContent).toContain('41%')
  expect(row?.textContent).toContain('INFO: 41% (4.1 of 10 GiB)')
  expect(row?.querySelector('.bar')).not.toBeNull()
  expect(list.container.querySelectorAll('.bar')).toHaveLength(1)
})

it('progress that tells no percentage shows its line alone, and an ended task neither', () => {
  const list = render(<Tasks />)
  act(() => setProgress('a', '103', { percent: null, line: 'waiting for a lock' }))
  act(() => setProgress('a', '102', { percent: 100, line: 'TASK OK' }))
  expect(list.getByText('waiting for a lock')).toBeDefined()
  expect(list.queryByText('TASK OK')).toBeNull()
  expect(list.container.querySelectorAll('.bar')).toHaveLength(0)
})
