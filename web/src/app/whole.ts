import { create } from 'zustand'
import { wait } from '../lib/wait.ts'
import { findPage } from './pages.ts'
import { panels } from './panels.ts'

/** What is later still comes one by one, behind skeletons. */
const LONGEST = 5_000

/** Whether the parts of the screen are here; before, it would be built up piece by piece, in sight. */
export const useWhole = create<{ readonly there: boolean }>(() => ({ there: false }))

let asked = false

export async function fetchParts(path: string): Promise<void> {
  if (asked) return
  asked = true
  const page = findPage(path)?.page
  const views = [...panels, ...(page ? [page] : [])].map((part) => part.view.preload())
  const here = new AbortController()
  void Promise.allSettled(views).then(() => here.abort())
  await wait(LONGEST, here.signal)
  useWhole.setState({ there: true })
}
