import { conversation } from '../api/chat.ts'
import type { ChatChange, ChatClient, ChatHub, ChatRequest } from '../contract/hubs.gen.ts'
import { begun, setLive, setTalk, told, useChats } from '../stores/chat.ts'
import { epoch } from '../stores/epoch.ts'
import { connect, type Hub } from './connect.ts'
import { refusalOf } from './useAnswer.ts'

const AWAY = 'The server cannot be reached at the moment; nothing was sent. It is tried again by itself.'
/** Milliseconds. */
const PATIENCE = 10_000

let hub: Hub<ChatHub, ChatClient> | null = null

/** Follows conversations from when somebody looks at them. */
export async function followChats(
  signal: AbortSignal,
  ready: (refused: boolean) => Promise<boolean>,
): Promise<void> {
  if (!(await until(({ wanted }) => wanted, signal))) return
  const mine = connect<ChatHub, ChatClient>('/hubs/chat')
  mine.on('Told', (event) => {
    if (!signal.aborted) told(event)
  })
  mine.on('Changed', (change) => {
    if (!signal.aborted) changed(change)
  })
  mine.on('Failed', () => {})
  hub = mine
  await mine.keep(signal, {
    prepare: ready,
    connected: () => {
      useChats.setState(({ listed }) => ({ linked: true, listed: listed + 1 }))
      for (const id of Object.keys(useChats.getState().talks)) void read(id)
      for (const { runId, cursor } of Object.values(useChats.getState().live)) attach(runId, cursor)
    },
    lost: () => useChats.setState({ linked: false }),
  })
  if (hub === mine) hub = null
}

type Chats = ReturnType<typeof useChats.getState>

/** Waits until it holds; false when the signal fires first. */
function until(holds: (chats: Chats) => boolean, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (holds(useChats.getState())) return resolve(true)
    const end = useChats.subscribe((chats) => {
      if (!holds(chats)) return
      end()
      resolve(true)
    })
    signal.addEventListener('abort', () => {
      end()
      resolve(false)
    })
  })
}

/** What is said while the connection is still being made waits for it. */
async function linked(): Promise<Hub<ChatHub, ChatClient>> {
  await until((chats) => chats.linked, AbortSignal.timeout(PATIENCE))
  if (hub === null || !useChats.getState().linked) throw new Error(AWAY)
  return hub
}

const attach = (runId: string, cursor: number): void =>
  void hub?.call('Attach', runId, cursor).catch(() => {})

function follow(runId: string, session: string): void {
  if (useChats.getState().live[session]?.runId === runId) return
  setLive(session, begun(runId, session))
  attach(runId, 0)
}

function changed({ kind, sessionId, runId }: ChatChange): void {
  const { talks } = useChats.getState()
  if (kind === 'started' && runId !== null && talks[sessionId]) follow(runId, sessionId)
  if ((kind === 'added' || kind === 'ended') && talks[sessionId]) void read(sessionId)
  if (kind !== 'added') useChats.setState(({ listed }) => ({ listed: listed + 1 }))
}

/** Reads a conversation anew; the answer that is being given in it is followed. */
export async function read(id: string): Promise<void> {
  const asker = epoch()
  try {
    const { lines, runId } = await conversation(id)
    if (epoch() !== asker) return
    const live = useChats.getState().live[id]
    setTalk(id, { lines, refusal: null })
    // What is over is among the lines by now.
    if (live && live.runId !== runId) setLive(id, null)
    if (runId !== null) follow(runId, id)
  } catch (problem) {
    if (epoch() === asker)
      setTalk(id, { lines: useChats.getState().talks[id]?.lines ?? null, refusal: refusalOf(problem) })
  }
}

/** Sends a message and gives the conversation that it is in. */
export async function send(request: ChatRequest): Promise<string> {
  const { sessionId, runId, refusal } = await (await linked()).call('Send', request)
  if (sessionId === null || runId === null) throw new Error(refusal ?? AWAY)
  follow(runId, sessionId)
  if (!useChats.getState().talks[sessionId]) setTalk(sessionId, { lines: null, refusal: null })
  void read(sessionId)
  return sessionId
}

export async function stop(runId: string): Promise<void> {
  await (await linked()).call('Cancel', runId)
}
