import { admin, type Server } from './stack.ts'

/** Changes something as a script would. */
export async function send(server: Server, method: string, path: string, body: unknown): Promise<void> {
  const ask = (to: string, how: string, what: unknown, token?: string) =>
    fetch(server.url + to, {
      method: how,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(what),
    })
  const { accessToken } = (await (await ask('/api/auth/login', 'POST', admin)).json()) as {
    accessToken: string
  }
  const answer = await ask(path, method, body, accessToken)
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
}
