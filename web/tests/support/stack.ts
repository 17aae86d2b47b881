import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '../../..')
const START = 60_000

export const admin = { user: 'admin', password: 'correct horse battery staple' }

function program(project: string): string {
  const configuration = process.env.JARVIS_CONFIGURATION ?? 'debug'
  const file = join(root, 'artifacts/bin', project, configuration, `Jarvis.${project}.dll`)
  if (!existsSync(file)) throw new Error(`${file} is missing: dotnet build src/${project}`)
  return file
}

/** Nothing started here outlives the test run, however that ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function leash(child: ChildProcess): ChildProcess {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${START / 1_000} s`)), START)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}

export const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const listener = createServer()
    listener.once('error', failed)
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address()
      listener.close(() => (typeof address === 'object' && address ? done(address.port) : failed()))
    })
  })

interface Ready {
  readonly endpoints: readonly string[]
  readonly fingerprints: Readonly<Record<string, string>>
  readonly caFile: string
  readonly admin: string
  readonly token: string
}

/** The simulated cluster as a process of its own. */
export class Simulator {
  private readonly child: ChildProcess
  readonly ready: Ready

  private constructor(child: ChildProcess, ready: Ready) {
    this.child = child
    this.ready = ready
  }

  static async start(...args: string[]): Promise<Simulator> {
    const token = `root@pam!screen=${crypto.randomUUID()}`
    const flags = ['--listen', '127.0.0.1:0', '--admin-port', '0', '--token', token, ...args]
    const child = spawn('dotnet', [program('Simulator'), ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
    leash(child)
    const lines = createInterface({ input: child.stdout })
    const first = once(lines, 'line').then(([line]) => JSON.parse(String(line)) as Ready)
    const died = once(child, 'exit').then(() =>
      Promise.reject(new Error('the simulator stopped while starting')),
    )
    return new Simulator(child, { ...(await within(Promise.race([first, died]), 'the simulator')), token })
  }

  async fault(kind: string, target: string, params: Record<string, string> = {}): Promise<string> {
    const answer = await fetch(`${this.ready.admin}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, target, params }),
    })
    if (!answer.ok) throw new Error(`${kind} at ${target}: ${answer.status} ${await answer.text()}`)
    return String(((await answer.json()) as { id: string | number }).id)
  }

  async heal(id: string): Promise<void> {
    await fetch(`${this.ready.admin}/faults/${id}`, { method: 'DELETE' })
  }

  /** What Proxmox itself would say, asked without our client. */
  async state<T>(): Promise<T> {
    return (await (await fetch(`${this.ready.admin}/state`)).json()) as T
  }

  stop = (): Promise<void> => end(this.child)
}

export interface Watched {
  readonly key: string
  readonly name: string
  readonly simulator: Simulator
  readonly token?: string
}

/** The product as a process of its own, with the built page. */
export class Server {
  private child: ChildProcess | null = null

  /** The one-time link that a server without accounts prints. */
  link: string | null = null
  /** What it printed on its console so far. */
  said = ''
  readonly url: string
  private readonly folder: string
  private readonly environment: Readonly<Record<string, string>>

  private constructor(url: string, folder: string, environment: Readonly<Record<string, string>>) {
    this.url = url
    this.folder = folder
    this.environment = environment
  }

  /** Without an account, as a newcomer finds it. */
  static bare(): Promise<Server> {
    return Server.start([], {}, false)
  }

  static async start(
    watched: readonly Watched[],
    settings: Readonly<Record<string, string>> = {},
    account = true,
  ): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'jarvis-e2e-'))
    const port = await freePort()
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'password'), `${admin.password}\n`, { mode: 0o600 })
    const environment: Record<string, string> = {
      ...(account ? { JARVIS_ADMIN_PASSWORD_FILE: join(folder, 'password') } : {}),
      Jarvis__Server__Port: String(port),
      Jarvis__Data__Folder: join(folder, 'data'),
      Jarvis__Web__Root: join(root, 'web/dist'),
      ...settings,
    }
    for (const [i, { key, name, simulator, token }] of watched.entries()) {
      const prefix = `Jarvis__Clusters__${i}__`
      writeFileSync(join(folder, `token-${i}`), token ?? simulator.ready.token, { mode: 0o600 })
      environment[`${prefix}Key`] = key
      environment[`${prefix}Name`] = name
      environment[`${prefix}TokenFile`] = join(folder, `token-${i}`)
      for (const [n, endpoint] of simulator.ready.endpoints.entries())
        environment[`${prefix}Endpoints__${n}`] = endpoint
      for (const [n, print] of Object.values(simulator.ready.fingerprints).entries())
        environment[`${prefix}Fingerprints__${n}`] = print
    }
    const server = new Server(`http://127.0.0.1:${port}`, folder, environment)
    await server.run()
    return server
  }

  async run(): Promise<void> {
    const child = spawn('dotnet', [program('Server')], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', process.env.JARVIS_E2E_LOG ? 'inherit' : 'ignore'],
    })
    this.child = leash(child)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (process.env.JARVIS_E2E_LOG) process.stdout.write(`${line}\n`)
      this.said += `${line}\n`
      this.link = /https?:\/\/\S+\/setup#\S+/.exec(line)?.[0] ?? this.link
    })
    await within(this.answers(child), 'the server')
  }

  private async answers(child: ChildProcess): Promise<void> {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the server stopped while starting (${child.exitCode})`)
      try {
        if ((await fetch(`${this.url}/api/health/live`)).ok) return
      } catch {
        await new Promise((again) => setTimeout(again, 100))
      }
    }
  }

  async kill(): Promise<void> {
    if (this.child) await end(this.child, 'SIGKILL')
  }

  /** Makes the database unusable, as a broken disk would, and starts again. */
  async spoil(): Promise<void> {
    await this.kill()
    for (const rest of ['-wal', '-shm']) rmSync(join(this.folder, `data/jarvis.db${rest}`), { force: true })
    writeFileSync(join(this.folder, 'data/jarvis.db'), 'no database '.repeat(1_000))
    await this.run()
  }

  async stop(): Promise<void> {
    if (this.child) await end(this.child)
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Uses the API as a script would; with a body it posts that. */
  async api<T>(path: string, body?: unknown): Promise<T> {
    const signIn = await fetch(`${this.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    })
    const { accessToken } = (await signIn.json()) as { accessToken: string }
    const authorization = `Bearer ${accessToken}`
    const answer = await fetch(
      this.url + path,
      body === undefined
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    )
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    const text = await answer.text()
    // What succeeds may have nothing to tell.
    return (text === '' ? null : JSON.parse(text)) as T
  }
}
