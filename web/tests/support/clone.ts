import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './stack.ts'

const root = resolve(import.meta.dirname, '../../..')
/** A build from nothing included. */
const START = 170_000
const STOP = 15_000

/** Neither our settings nor processes that outlive the build, as compilers kept for the next one would. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^jarvis_/i.test(name))
  return { ...Object.fromEntries(own), MSBUILDDISABLENODEREUSE: '1', UseSharedCompilation: 'false' }
}

/** What a newcomer has after `git clone`: the committed state alone, in a folder that goes at the end. */
export class Clone {
  private readonly folder = mkdtempSync(join(tmpdir(), 'jarvis-newcomer-'))
  private readonly running = new Set<Started>()

  constructor() {
    process.once('exit', () => this.remove())
    execFileSync('git', ['clone', '--quiet', root, this.at('jarvis')], { timeout: 60_000, stdio: 'inherit' })
  }

  private readonly at = (name: string) => join(this.folder, name)

  /** `./run.sh` until it says where the product is ready. */
  async run(data: string, ...args: string[]): Promise<Started> {
    const port = await freePort()
    const child = spawn('./run.sh', ['--port', String(port), '--data', this.at(data), ...args], {
      cwd: this.at('jarvis'),
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const started = new Started(child)
    this.running.add(started)
    await started.says(/Jarvis is ready at (\S+)/)
    return started
  }

  /** Also on the way out after a failure, when there is no more waiting. */
  remove(): void {
    for (const each of this.running) each.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The product as its start script runs it. */
export class Started {
  private readonly child: ChildProcess
  private readonly gone: Promise<unknown>
  private text = ''
  private readonly heard = new EventEmitter()

  constructor(child: ChildProcess) {
    this.child = child
    this.gone = once(child, 'exit').then(() => this.heard.emit('more'))
    for (const stream of [child.stdout, child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          this.text += `${line}\n`
          this.heard.emit('more')
        })
  }

  /** What is in the brackets of the pattern, as soon as it was printed. */
  async says(pattern: RegExp): Promise<string> {
    const late = AbortSignal.timeout(START)
    for (;;) {
      const found = pattern.exec(this.text)?.[1]
      if (found !== undefined) return found
      if (this.child.exitCode !== null || late.aborted)
        throw new Error(
          `${pattern} was not printed before ${late.aborted ? 'time was up' : 'the end'}:\n${this.text}`,
        )
      await once(this.heard, 'more', { signal: late }).catch(() => {})
    }
  }

  /** As Ctrl-C does; answers how it ended. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM')
      const timer = setTimeout(() => this.kill(), STOP)
      await this.gone
      clearTimeout(timer)
    }
    return this.child.exitCode
  }

  /** The script and all that it started. */
  kill(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
}
