// The published server with its built-in simulated cluster, as a process that goes with this one.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const admin = { user: 'admin', password: 'a-password-for-the-bench-alone' }
const START = 60_000

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds))

const freePort = () =>
  new Promise((done, failed) => {
    const listener = createServer()
    listener.once('error', failed)
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address()
      listener.close(() => done(port))
    })
  })

/** With an account and the demo, or as a newcomer finds it. */
export async function startServer({ bare = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-lighthouse-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'password'), `${admin.password}\n`, { mode: 0o600 })
  const child = spawn(join(root, 'artifacts/bench/server/Jarvis.Server'), [], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      Jarvis__Server__Port: String(port),
      Jarvis__Data__Folder: join(folder, 'data'),
      Jarvis__Web__Root: join(root, 'web/dist'),
      ...(!bare && {
        JARVIS_ADMIN_PASSWORD_FILE: join(folder, 'password'),
        Jarvis__Demo__Scenario: 'homelab',
        Jarvis__Setup__Offer: 'false',
      }),
    },
  })
  const leash = () => child.kill('SIGKILL')
  process.once('exit', leash)
  const stop = async () => {
    process.off('exit', leash)
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      const timer = setTimeout(leash, 10_000)
      await gone
      clearTimeout(timer)
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const until = Date.now() + START
  for (;;) {
    const answer = await fetch(`${url}/api/health/ready`).catch(() => null)
    if (answer?.ok) return { url, stop }
    if (child.exitCode !== null) throw new Error(`the server ended while starting, exit code ${child.exitCode}`)
    if (Date.now() > until) {
      await stop()
      throw new Error('the server was not ready after a minute')
    }
    await pause(100)
  }
}

/** What the places' names stand for in this cluster. */
export async function namesOf(url) {
  const json = async (path, init) => {
    const answer = await fetch(url + path, init)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const headers = { 'content-type': 'application/json' }
  const { accessToken } = await json('/api/auth/login', { method: 'POST', headers, body: JSON.stringify(admin) })
  for (let tries = 0; tries < 100; tries++) {
    const seen = await json('/api/cluster', { headers: { authorization: `Bearer ${accessToken}` } })
    const guest = seen.guests.find(({ status, type }) => status === 'running' && type === 'vm')
    const storage = seen.storages.find(({ shared }) => !shared)
    if (guest && storage) return { cluster: seen.key, node: storage.node, vmid: guest.vmid, storage: storage.name }
    await pause(200)
  }
  throw new Error('no guest and no storage of the simulated cluster was seen')
}
