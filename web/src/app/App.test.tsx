import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import page from '../../index.html?raw'
import { useSession } from '../stores/session.ts'
import { App } from './App.tsx'

afterEach(cleanup)

/** Without the spaces between elements, which nobody sees. */
const bare = (html: string) => html.replace(/>\s+</g, '><').trim()

it('begins with what the page already shows while its scripts are on their way', () => {
  useSession.setState({ status: 'starting' })
  const { container } = render(<App />)
  const there = new DOMParser().parseFromString(bare(page), 'text/html').querySelector('#root main')
  expect(there).not.toBeNull()
  expect(container.querySelector('main')?.isEqualNode(there)).toBe(true)
})
