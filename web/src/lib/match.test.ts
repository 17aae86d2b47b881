import { expect, it } from 'vitest'
import { match, path } from './match.ts'

it('finds the parts of a path', () => {
  expect(match('/c/:cluster/node/:node', '/c/lab/node/pve1')).toEqual({ cluster: 'lab', node: 'pve1' })
  expect(match('/c/:cluster/node/:node', '/c/lab/guest/1')).toBeNull()
  expect(match('/c/:cluster', '/c/lab/feed')).toBeNull()
})

it('a last part may be left out where the pattern says so', () => {
  expect(match('/guest/:vmid/:tab?', '/guest/100')).toEqual({ vmid: '100' })
  expect(match('/guest/:vmid/:tab?', '/guest/100/config')).toEqual({ vmid: '100', tab: 'config' })
  expect(match('/guest/:vmid/:tab?', '/guest')).toBeNull()
})

it('survives names that need escaping', () => {
  const made = path('c', 'a/b', 'node', 'ü 1')
  expect(match('/c/:cluster/node/:node', made)).toEqual({ cluster: 'a/b', node: 'ü 1' })
  expect(match('/c/:cluster', '/c/%E0%A4%A')).toEqual({ cluster: '%E0%A4%A' })
})
