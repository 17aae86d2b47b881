import { afterEach, beforeEach, expect, it } from 'vitest'
import { forgetSetupToken, useSetupToken } from './setupToken.ts'
import { useWall } from './wall.ts'

const paste = (address: string) => {
  history.replaceState(null, '', address)
  dispatchEvent(new Event('hashchange'))
}

beforeEach(() => {
  forgetSetupToken()
  useWall.setState({ token: null, refusal: 'That link is no longer valid.' })
})
afterEach(() => history.replaceState(null, '', '/'))

it('a one-time link pasted into the open page is taken, and out of the address', () => {
  paste('/setup#one-time')
  expect(useSetupToken.getState().token).toBe('one-time')
  expect(location.hash).toBe('')
})

it('a display’s link pasted into the open page is taken, and out of the address', () => {
  paste('/wall#of-the-hall')
  expect(useWall.getState()).toEqual({ token: 'of-the-hall', refusal: null })
  expect(location.hash).toBe('')
})

it('a fragment elsewhere is no token', () => {
  paste('/c/lab#centre')
  expect(useSetupToken.getState().token).toBe('')
  expect(useWall.getState().token).toBeNull()
  expect(location.hash).toBe('#centre')
})
