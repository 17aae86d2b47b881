import { HttpTransportType, HubConnectionBuilder, type IHubProtocol, LogLevel } from '@microsoft/signalr'
import { taskQueue } from '../lib/taskQueue.ts'
import { wait } from '../lib/wait.ts'

type Methods<T> = { [K in keyof T]: T[K] extends (...args: infer A) => unknown ? A : never }

/** A SignalR connection that only knows the methods the server declares. */
export interface Hub<Server, Client> {
  on<K extends keyof Client & string>(method: K, handler: (...args: Methods<Client>[K]) => void): void
  call<K extends keyof Server & string>(
    method: K,
    ...args: Methods<Server>[K]
  ): Server[K] extends (...args: never[]) => infer R ? R : never
  keep(signal: AbortSignal, watch: Watch): Promise<void>
}

export interface Watch {
  /** Runs before every attempt, told whether the last one was refused for want of a session; false ends the trying. */
  prepare(refused: boolean): Promise<boolean>
  connected(): void
  lost(attempt: number): void
}

const PAUSES = [0, 500, 1_000, 2_000, 3_000]
const LONGEST_PAUSE = 5_000

export function connect<Server, Client>(url: string, protocol?: IHubProtocol): Hub<Server, Client> {
  const builder = new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
  const connection = (protocol ? builder.withHubProtocol(protocol) : builder).build()

  const inTurn = taskQueue()
  let over = false
  let closed: () => void = () => {}
  connection.onclose(() => closed())

  async function attempt(watch: Watch, refused: boolean): Promise<'up' | 'down' | 'refused' | 'over'> {
    try {
      if (!(await watch.prepare(refused))) return 'over'
      await connection.start()
      return 'up'
    } catch (problem) {
      // The negotiation wraps the answer's status into words.
      return problem instanceof Error && problem.message.includes("Status code '401'") ? 'refused' : 'down'
    }
  }

  async function keep(signal: AbortSignal, watch: Watch): Promise<void> {
    let failures = 0
    let refused = false
    signal.addEventListener('abort', () => {
      over = true
      void connection.stop()
    })
    while (!signal.aborted) {
      const ended = new Promise<void>((resolve) => {
        closed = resolve
      })
      const result = await attempt(watch, refused)
      if (result === 'over' || signal.aborted) break
      if (result === 'up') {
        failures = 0
        watch.connected()
        await ended
        if (signal.aborted) break
      }
      refused = result === 'refused'
      failures++
      watch.lost(failures)
      await pause(failures, signal)
    }
    await connection.stop()
  }

  return {
    on: (method, handler) =>
      connection.on(method, (...args: unknown[]) =>
        inTurn(() => {
          if (!over) handler(...(args as Parameters<typeof handler>))
        }),
      ),
    call: (method, ...args) => connection.invoke(method, ...args) as never,
    keep,
  }
}

/** Grows with each failure and ends early when the machine is back on the network or the page is looked at. */
async function pause(failures: number, signal: AbortSignal): Promise<void> {
  const early = new AbortController()
  const wake = () => early.abort()
  const seen = () => document.visibilityState === 'visible' && wake()
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', seen)
  const length = PAUSES[failures - 1] ?? LONGEST_PAUSE
  await wait(length * (0.75 + Math.random() / 2), AbortSignal.any([signal, early.signal]))
  removeEventListener('online', wake)
  document.removeEventListener('visibilitychange', seen)
}
