import { expect, it } from 'vitest'
import type { TestAnswer } from '../../contract/rest.gen.ts'
import { accessOf, blank, keyOf, readToken, tested, tokenIsWhole } from './draft.ts'

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

it('a key is one that the server takes, however long the name is', () => {
  const legal = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/
  for (let length = 1; length < 80; length++)
    expect(keyOf('a b c '.repeat(20).slice(0, length))).toMatch(legal)
})

it('a proposed name and key follow the test, typed ones stay', () => {
  const found = (name: string) => ({ name }) as TestAnswer
  const first = { ...blank, ...tested(blank, found('Home Lab')) }
  expect(first).toMatchObject({ name: 'Home Lab', key: 'home-lab' })
  expect({ ...first, ...tested(first, found('Attic')) }).toMatchObject({ name: 'Attic', key: 'attic' })
  const typed = { ...first, name: 'Mine', key: 'mine' }
  expect({ ...typed, ...tested(typed, found('Attic')) }).toMatchObject({ name: 'Mine', key: 'mine' })
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
