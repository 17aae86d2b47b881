import type { Browser, Page } from '@playwright/test'

interface Entry {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** What the page's main thread did, in milliseconds. */
export interface Work {
  /** Share of the time in which it was at work. */
  readonly busy: number
  /** Its longest task by the processor time it took, which other work on the machine does not lengthen. */
  readonly longest: number
  /** The same by the clock on the wall. */
  readonly held: number
  /** Tasks of 50 ms or more by the clock. */
  readonly long: number
}

const CATEGORIES = ['disabled-by-default-devtools.timeline', '__metadata']

/** Reads Chromium's own trace of what happens meanwhile. */
export async function traced(page: Page, meanwhile: () => Promise<unknown>): Promise<Work> {
  const browser = page.context().browser() as Browser
  await browser.startTracing(page, { categories: CATEGORIES })
  const began = performance.now()
  await meanwhile()
  const time = performance.now() - began
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: Entry[] }
  const threads = traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  )
  const all = threads.map(({ pid, tid }) => tasksOf(traceEvents, pid, tid))
  // Chromium keeps a spare renderer, which has nothing to do.
  const tasks = all.sort((a, b) => sum(b) - sum(a))[0] ?? []
  if (tasks.length === 0) throw new Error('the trace has no task of a main thread')
  return {
    busy: sum(tasks) / time,
    longest: Math.max(...tasks.map(({ worked }) => worked)),
    held: Math.max(...tasks.map(({ held }) => held)),
    long: tasks.filter(({ held }) => held >= 50).length,
  }
}

interface Task {
  readonly held: number
  readonly worked: number
}

const sum = (tasks: readonly Task[]) => tasks.reduce((total, { worked }) => total + worked, 0)

const tasksOf = (entries: readonly Entry[], pid: number, tid: number): Task[] =>
  entries
    .filter((each) => each.pid === pid && each.tid === tid && each.ph === 'X')
    .filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask')
    .map(({ dur = 0, tdur = dur }) => ({ held: dur / 1_000, worked: tdur / 1_000 }))
