import { cancel, decide, execute, plan, run, runs, setKillSwitch } from '../api/gate.ts'
import { Problem } from '../api/http.ts'
import { breakGlass, endBreakGlass } from '../api/safety.ts'
import type { ApprovalView, CallAnswer, DecisionRequest } from '../contract/rest.gen.ts'
import { randomKey } from '../lib/key.ts'
import { inWords } from '../lib/refusals.ts'
import { farness, reportOf } from '../lib/report.ts'
import { wait } from '../lib/wait.ts'
import { type Act, ask, askAbout, setAct, useActs, type Wish } from '../stores/acts.ts'
import { epoch } from '../stores/epoch.ts'
import { useGate } from '../stores/gate.ts'
import { mayAs, useSession } from '../stores/session.ts'
import { readGate } from './gate.ts'
import { refusalOf } from './useAnswer.ts'

/** Most is done in a moment; what is not can be asked for at leisure. */
const FIRST_PAUSE = 250
const PAUSE = 1_000
const never = new AbortController().signal

const begin = (title: string): Act => ({
  id: randomKey(),
  title,
  outcome: 'sent',
  auditId: null,
  why: null,
  caution: false,
  steps: [],
  undo: null,
})

const undoOf = (title: string, args: Wish['args'], snapshot: string | null): Wish | null =>
  snapshot && args.guest
    ? {
        title: `Undo: ${title}`,
        tool: 'rollback_snapshot',
        args: { guest: args.guest, ...(args.cluster ? { cluster: args.cluster } : {}), name: snapshot },
      }
    : null

/** What a call takes, as its plan shows it; long ones are shown cut. */
function argsOf(shown: string): Wish['args'] {
  try {
    return JSON.parse(shown)
  } catch {
    return {}
  }
}

const told = (problem: unknown): string => {
  const { code, words } = refusalOf(problem)
  return inWords(code, words)
}

function refused(act: Act, problem: unknown): void {
  // What was sent may have been done, so nobody may think that it was not.
  const lost = problem instanceof Problem && (problem.status === 0 || problem.status >= 500)
  const { code, words } = refusalOf(problem)
  setAct({
    ...act,
    outcome: lost ? 'unknown' : 'refused',
    why: lost
      ? `${words}. Whether it was done is not known; the tasks and the audit tell.`
      : inWords(code, words),
  })
}

/** How a run stands; as before where the server cannot be reached, and not known where it knows no such run. */
async function read(auditId: string, before: CallAnswer): Promise<CallAnswer> {
  try {
    return await run(auditId)
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 404) return before
    const why = 'The server knows no such run any more; the tasks and the audit tell.'
    return { ...before, outcome: 'unknown', progress: null, why }
  }
}

/** A run that was begun before, as far as it is known at first. */
const unheard: CallAnswer = {
  outcome: 'running',
  verdict: 'ALLOW_LOGGED',
  auditId: null,
  result: null,
  handle: null,
  upid: null,
  snapshot: null,
  why: null,
  approval: null,
  progress: null,
  plan: null,
  seen: null,
}

/** Follows a run to its end, for as long as the same person sits here. */
async function follow(act: Act, answer: CallAnswer, args: Wish['args']): Promise<void> {
  const asker = epoch()
  let now = answer
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, PAUSE)) {
    const { outcome, auditId, why, progress, result } = now
    if (epoch() !== asker) return
    const { words, caution, steps } = reportOf(result)
    setAct({
      ...act,
      outcome,
      auditId,
      why: progress ? farness(progress) : (why ?? words),
      caution,
      steps,
      undo: undoOf(act.title, args, now.snapshot),
    })
    if (outcome === 'waiting' && now.approval) waits(act, now.approval)
    if (outcome !== 'running' || auditId === null) break
    await wait(pause, never)
    now = await read(auditId, now)
  }
  void readGate()
}

/** It needs more than this person's word: the keyword, or a second person. */
function waits(act: Act, approval: ApprovalView): void {
  void readGate()
  if (!approval.twoPersons) askAbout(approval)
  else
    setAct({ ...act, outcome: 'waiting', auditId: approval.auditId, why: 'A second person must approve it.' })
}

/** Does what a person asks for: at once where that is harmless, else after they have read what it will do. */
export async function act(wish: Wish): Promise<void> {
  const asker = epoch()
  const started = begin(wish.title)
  try {
    const planned = await plan(wish)
    if (epoch() !== asker) return
    if (planned.verdict.startsWith('NEEDS') && planned.plan) {
      ask({ kind: 'wish', wish, plan: planned.plan, seen: planned.seen })
      return
    }
    if (!planned.verdict.startsWith('ALLOW')) {
      setAct({ ...started, outcome: 'refused', why: inWords(planned.verdict, planned.why ?? '') })
      return
    }
  } catch (problem) {
    // Nothing was sent that does anything.
    if (epoch() === asker) setAct({ ...started, outcome: 'refused', why: told(problem) })
    return
  }
  await send(wish, started, false)
}

/** The person has read the plan and wants it. */
export async function confirm(wish: Wish, seen: string | null): Promise<void> {
  ask(null)
  await send(wish, begin(wish.title), true, seen)
}

async function send(wish: Wish, started: Act, confirmed: boolean, seen: string | null = null): Promise<void> {
  const asker = epoch()
  setAct(started)
  try {
    await follow(started, await execute(wish, { confirmed, seen, once: started.id }), wish.args)
  } catch (problem) {
    if (epoch() === asker) refused(started, problem)
  }
}

/** Decides about a call that waits; throws when it was refused, as with a wrong keyword, and leaves the question open. */
export async function decideOn(approval: ApprovalView, decision: Partial<DecisionRequest>): Promise<void> {
  try {
    const answer = await decide(approval.id, decision)
    const edited = answer?.outcome === 'waiting' ? answer.approval : null
    if (edited) askAbout(edited)
    else ask(null)
    if (!answer || edited) return
    const { summary, arguments: given } = approval.plan
    void follow({ ...begin(summary), auditId: answer.auditId }, answer, argsOf(given))
  } finally {
    void readGate()
  }
}

/** Goes on telling of what the same person began before this page was opened. */
export async function resume(): Promise<void> {
  const asker = epoch()
  const { role, wall } = useSession.getState()
  if (wall || !mayAs(role, 'operator')) return
  // It is a convenience: what runs is in the audit too.
  const found = await runs().catch(() => [])
  if (epoch() !== asker) return
  const known = new Set([...useActs.getState().all.values()].map(({ auditId }) => auditId))
  for (const { auditId, tool, targets, progress, mine } of found) {
    if (!mine || known.has(auditId)) continue
    const running: CallAnswer = { ...unheard, auditId, progress }
    void follow({ ...begin(`${tool}: ${targets}`), auditId }, running, {})
  }
}

export async function stop(started: Act): Promise<void> {
  if (started.auditId === null) return
  try {
    await cancel(started.auditId)
  } catch (problem) {
    const now = useActs.getState().all.get(started.id)
    if (now?.outcome === 'running') setAct({ ...now, why: told(problem) })
  }
}

/** Nothing is changed any more, or may be again. */
export async function turnKillSwitch(active: boolean): Promise<void> {
  const kill = await setKillSwitch(active)
  useGate.setState({ kill })
  void readGate()
}

/** Own RED and ORANGE calls are not asked about for a while, and everybody sees it. */
export async function breakTheGlass(password: string, reason: string): Promise<void> {
  await breakGlass(password, reason)
  await readGate()
}

export async function mendTheGlass(): Promise<void> {
  await endBreakGlass()
  await readGate()
}
