import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { Simulator } from './stack.ts'

export interface Resource {
  readonly type: 'node' | 'qemu' | 'lxc' | 'storage'
  readonly node: string
  readonly vmid?: number
  readonly storage?: string
  readonly name?: string
  readonly status: string
  readonly template?: number
  readonly hastate?: string
  readonly maxcpu?: number
  readonly maxmem?: number
}

/** Asks the simulated Proxmox VE by plain HTTPS, so that nothing of ours stands between. */
export function ask<T>(
  simulator: Simulator,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  form: Record<string, string> = {},
): Promise<T> {
  const { endpoints, token, caFile } = simulator.ready
  const body = new URLSearchParams(form).toString()
  return new Promise((done, failed) => {
    const sent = request(
      `${endpoints[0]}/api2/json${path}`,
      {
        method,
        ca: readFileSync(caFile),
        timeout: 10_000,
        headers: {
          authorization: `PVEAPIToken=${token}`,
          ...(method !== 'GET' && {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
          }),
        },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => {
          if (answer.statusCode === 200) done((JSON.parse(text) as { data: T }).data)
          else failed(new Error(`${method} ${path}: ${answer.statusCode} ${answer.statusMessage} ${text}`))
        })
      },
    )
    sent.on('error', failed)
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} took too long`)))
    sent.end(method === 'GET' ? undefined : body)
  })
}

export const resources = (simulator: Simulator): Promise<readonly Resource[]> =>
  ask(simulator, 'GET', '/cluster/resources')

/** A token with privilege separation and no rights of its own. */
export async function powerlessToken(simulator: Simulator): Promise<string> {
  const made = await ask<{ value: string }>(simulator, 'POST', '/access/users/root@pam/token/powerless', {
    privsep: '1',
  })
  return `root@pam!powerless=${made.value}`
}

/** Does what a line of `pveum acl modify` says, as the shell of a node would. */
export async function grant(simulator: Simulator, line: string): Promise<void> {
  const words = /^pveum acl modify (\S+) --roles (\S+) --(users|tokens) '([^']+)'$/.exec(line.trim())
  if (!words) throw new Error(`Not a line of pveum acl modify: ${line}`)
  const [, path = '', roles = '', kind = '', whom = ''] = words
  await ask(simulator, 'PUT', '/access/acl', { path, roles, [kind]: whom })
}
