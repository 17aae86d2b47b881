import type { Role } from '../../../../contract/rest.gen.ts'

export const roles: readonly { readonly role: Role; readonly words: string }[] = [
  { role: 'viewer', words: 'May look at everything and change nothing.' },
  { role: 'operator', words: 'May also act: start, stop and look after guests.' },
  { role: 'admin', words: 'May also change settings, accounts and clusters.' },
]
