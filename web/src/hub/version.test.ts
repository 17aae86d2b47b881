import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { useLink } from '../stores/link.ts'
import { useVersion } from '../stores/version.ts'
import { followVersion, moveOn } from './version.ts'

const api = vi.hoisted(() => ({ page: vi.fn<() => Promise<string>>() }))
vi.mock('../api/page.ts', () => api)

const html = (build: string) =>
  `<div id="root"></div><script type="module" crossorigin src="/assets/index-${build}.js"></script>`
/** The build of which this page is. */
function ran(build: string): void {
  const script = document.createElement('script')
  script.setAttribute('src', `/assets/index-${build}.js`)
  vi.spyOn(document, 'querySelector').mockReturnValue(script)
}
const state = () => useVersion.getState()

beforeAll(followVersion)

beforeEach(() => {
  ran('old')
  useVersion.setState({ newer: false, partMissing: false })
  useLink.setState({ status: 'connected' })
  sessionStorage.clear()
  api.page.mockReset()
})

afterEach(() => void vi.restoreAllMocks())

it('a part that is gone is news only when the server has another version', async () => {
  api.page.mockResolvedValueOnce(html('old'))
  dispatchEvent(new Event('vite:preloadError'))
  await vi.waitFor(() => expect(state()).toEqual({ newer: false, partMissing: true }))
  api.page.mockResolvedValueOnce(html('new'))
  dispatchEvent(new Event('vite:preloadError'))
  await vi.waitFor(() => expect(state()).toEqual({ newer: true, partMissing: false }))
})

it('a server that comes back is asked for its version', async () => {
  api.page.mockResolvedValue(html('new'))
  useLink.setState({ status: 'reconnecting' })
  expect(api.page).not.toHaveBeenCalled()
  useLink.setState({ status: 'connected' })
  await vi.waitFor(() => expect(state().newer).toBe(true))
})

it('whatever else answers at that address is no new version', async () => {
  api.page.mockResolvedValueOnce('<h1>Sign in to the proxy</h1>')
  dispatchEvent(new Event('vite:preloadError'))
  await vi.waitFor(() => expect(state().partMissing).toBe(true))
  expect(state().newer).toBe(false)
})

it('a display moves on once from each build, so that an old page from a cache is no endless turning', () => {
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => {})
  moveOn()
  moveOn()
  expect(reload).toHaveBeenCalledTimes(1)
  ran('new')
  moveOn()
  expect(reload).toHaveBeenCalledTimes(2)
})
