import type { ProbeAnswer, TestAnswer } from '../../contract/rest.gen.ts'

/** What has been typed and learned so far; it outlives every refusal and every step back. */
export interface Draft {
  readonly address: string
  readonly probe: ProbeAnswer | null
  /** The person has compared the fingerprint with the node's own words. */
  readonly compared: boolean
  readonly token: string
  readonly test: TestAnswer | null
  readonly name: string
  readonly key: string
}

export const blank: Draft = {
  address: '',
  probe: null,
  compared: false,
  token: '',
  test: null,
  name: '',
  key: '',
}

export type Change = (change: Partial<Draft>) => void

export interface StageProps {
  readonly draft: Draft
  readonly change: Change
  readonly onNext: () => void
  readonly onBack: (() => void) | null
}

/** What a test found; a name that was only proposed follows it, one that was typed stays. */
export function tested(draft: Draft, test: TestAnswer): Partial<Draft> {
  if (draft.name !== '' && draft.name !== draft.test?.name) return { test }
  return { test, name: test.name, key: keyOf(test.name) }
}

/** Seeing some of a kind is not seeing all of it: what is missing is told by name. */
export const isLacking = (test: TestAnswer): boolean =>
  test.missing.length > 0 || !test.canSeeNodes || !test.canSeeGuests || !test.canSeeStorage

/** No token is sent to a certificate that nobody vouches for, neither the public nor the person. */
export const isTrusted = ({ probe, compared }: Draft): boolean =>
  probe !== null && (probe.publiclyTrusted || compared)

/** A certificate that everybody trusts needs no pin. */
export const accessOf = ({ address, probe, token }: Draft) => ({
  address: probe?.address ?? address.trim(),
  token,
  ...(probe && !probe.publiclyTrusted ? { fingerprint: probe.fingerprint } : {}),
})

const tokenId = /[^\s│|!=]+@[^\s│|!=]+![A-Za-z][\w.-]*/
const secret = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i

/** The token in what was pasted: the line itself, a header, or the table that `pveum` prints. */
export function readToken(pasted: string): string {
  const text = pasted.replace(/PVEAPIToken=/, '')
  const [id] = tokenId.exec(text) ?? []
  const [value] = secret.exec(text) ?? []
  return id && value ? `${id}=${value}` : text.trim()
}

const whole = new RegExp(`^${tokenId.source}=${secret.source}$`, 'i')

export const tokenIsWhole = (token: string): boolean => whole.test(token)

/** A key for the address bar, made of the name. */
export const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32)
    .replace(/-+$/, '')
