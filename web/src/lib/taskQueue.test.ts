import { expect, it } from 'vitest'
import { taskQueue } from './taskQueue.ts'

it('work waits for a task of its own and keeps its order', async () => {
  const done: string[] = []
  const enqueue = taskQueue()
  await new Promise<void>((end) => {
    enqueue(() => {
      done.push('first')
      void Promise.resolve().then(() => done.push('what the first left behind'))
    })
    enqueue(() => done.push('second'))
    enqueue(end)
    expect(done).toEqual([])
  })
  expect(done).toEqual(['first', 'what the first left behind', 'second'])
})

it('work that fails does not hold up the rest', async () => {
  const enqueue = taskQueue()
  const failed = new Promise((seen) => {
    process.once('uncaughtException', seen)
  })
  enqueue(() => {
    throw new Error('broken')
  })
  const next = new Promise<string>((ran) => enqueue(() => ran('ran')))
  await expect(next).resolves.toBe('ran')
  await expect(failed).resolves.toBeInstanceOf(Error)
})
