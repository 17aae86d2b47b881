import { approvals, killSwitch } from '../api/gate.ts'
import { breakGlasses } from '../api/safety.ts'
import { wait } from '../lib/wait.ts'
import { epoch } from '../stores/epoch.ts'
import { useEvents } from '../stores/events.ts'
import { useGate } from '../stores/gate.ts'
import { useLink } from '../stores/link.ts'
import { mayAs, useSession } from '../stores/session.ts'
import { refusalOf } from './useAnswer.ts'

const AGAIN = 10_000

let reading = false
let wanted = false

/** Reads who waits, the kill switch and who broke the glass; asked for while it does so, it reads once more after it. */
export async function readGate(): Promise<void> {
  wanted = true
  if (reading) return
  reading = true
  try {
    while (wanted) {
      wanted = false
      await readOnce()
    }
  } finally {
    reading = false
  }
}

async function readOnce(): Promise<void> {
  const asker = epoch()
  const { role, wall } = useSession.getState()
  const decides = !wall && mayAs(role, 'operator')
  try {
    const [kill, waiting, glasses] = await Promise.all([
      killSwitch(),
      decides ? approvals() : null,
      // Asked of the accounts as well: those who wait must be seen also when these cannot be read.
      breakGlasses().catch(() => useGate.getState().glasses),
    ])
    if (epoch() === asker) useGate.setState({ kill, waiting, glasses, trouble: null })
  } catch (problem) {
    if (epoch() === asker) useGate.setState({ trouble: refusalOf(problem).words })
  }
}

const concerns = (type: string) => /^(approval|run|safety)\./.test(type)

/** Keeps what the gate says up to date: by the events that tell of it, and anew with each connection. */
export async function followGate(signal: AbortSignal): Promise<void> {
  const events = useEvents.subscribe(({ fresh }, before) => {
    if (fresh !== before.fresh && fresh.some(({ type }) => concerns(type))) void readGate()
  })
  const link = useLink.subscribe(({ status }, before) => {
    if (status === 'connected' && before.status !== 'connected') void readGate()
  })
  signal.addEventListener('abort', () => {
    events()
    link()
  })
  await readGate()
  while (!signal.aborted) {
    await wait(AGAIN, signal)
    const { trouble, glasses } = useGate.getState()
    // A session that ends takes its broken glass with it, and no event tells of that.
    if (!signal.aborted && (trouble !== null || glasses.length > 0)) await readGate()
  }
}
