import { expect, it } from 'vitest'
import { accessOf, blank, keyOf, readToken, tokenIsWhole } from './draft.ts'

const token = 'jarvis@pve!screen=0a1b2c3d-1111-2222-3333-0123456789ab'

it.each([
  ['the line itself', ` ${token}\n`],
  ['a header', `PVEAPIToken=${token}`],
  [
    'the table that pveum prints',
    '┌──────────────┬───────────────────────────┐\n│ full-tokenid │ jarvis@pve!screen │\n│ info │ {"privsep":"1"} │\n│ value │ 0a1b2c3d-1111-2222-3333-0123456789ab │',
  ],
])('a token is read from %s', (_, pasted) => {
  expect(readToken(pasted)).toBe(token)
})

it('half a token is not taken for one', () => {
  expect(tokenIsWhole(token)).toBe(true)
  expect(tokenIsWhole('0a1b2c3d-1111-2222-3333-0123456789ab')).toBe(false)
  expect(tokenIsWhole('jarvis@pve!screen')).toBe(false)
})

it('a key is made of the name', () => {
  expect(keyOf('Büro  Nord (2)')).toBe('buro-nord-2')
  expect(keyOf('!!')).toBe('')
})

it('only a certificate that nobody vouches for is pinned', () => {
  const probe = {
    address: 'https://10.0.0.1:8006',
    fingerprint: 'AA:BB',
    subject: '',
    issuer: '',
    names: [],
    notBefore: '',
    notAfter: '',
    publiclyTrusted: false,
  }
  expect(accessOf({ ...blank, token, probe })).toEqual({
    address: probe.address,
    token,
    fingerprint: 'AA:BB',
  })
  expect(accessOf({ ...blank, token, probe: { ...probe, publiclyTrusted: true } })).toEqual({
    address: probe.address,
    token,
  })
})
