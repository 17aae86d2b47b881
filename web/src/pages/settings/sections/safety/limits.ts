import type { Policy } from '../../../../contract/rest.gen.ts'

export type Limit = 'writesPerHour' | 'writesPerIncident' | 'requestsPerMinute' | 'approvalMinutes'

interface About {
  readonly limit: Limit
  readonly label: string
  readonly hint: string
}

export const limits: readonly About[] = [
  {
    limit: 'writesPerHour',
    label: 'Changes in an hour',
    hint: 'By one model, key or MCP client on one cluster: 1 to 10,000. What a person does is not counted.',
  },
  {
    limit: 'writesPerIncident',
    label: 'Changes by runbooks in an hour',
    hint: 'For one incident, all runbooks together: 1 to 100.',
  },
  {
    limit: 'requestsPerMinute',
    label: 'Questions in a minute',
    hint: 'How often one caller may ask for an approval: 1 to 1,000.',
  },
  {
    limit: 'approvalMinutes',
    label: 'Minutes that a call waits',
    hint: 'For a person to approve it: 1 to 60.',
  },
]

/** Which limit the server's words are about: "writesPerHour must be 1 to 10000." */
export const limitIn = (words: string): Limit | null =>
  limits.find(({ limit }) => words.startsWith(`${limit} `))?.limit ?? null

export type Typed = Readonly<Partial<Record<Limit, string>>>

/** What was typed in the place of what holds. */
export const limited =
  (typed: Typed) =>
  (now: Policy): Policy => ({
    ...now,
    ...Object.fromEntries(Object.entries(typed).map(([limit, text]) => [limit, Number(text)])),
  })
