import { expect, it } from 'vitest'
import { strength } from './strength.ts'

it.each([
  ['short', 0],
  ['password1', 1],
  ['aaaaaaaaaaaaaaaaaaaa', 1],
  ['correct horse battery staple', 4],
  ['kT4!vmQz8', 2],
])('%s is worth %s', (password, score) => {
  expect(strength(password).score).toBe(score)
})

it('a password that holds the name is worth less', () => {
  expect(strength('marvin-on-the-moon', 'marvin').score).toBeLessThan(strength('marvin-on-the-moon').score)
})
