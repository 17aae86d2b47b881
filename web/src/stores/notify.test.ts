import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useLocation } from './location.ts'
import { notify, tellOutside, useNotify } from './notify.ts'

const shown = vi.fn()
const browser = {
  permission: 'default' as NotificationPermission,
  answer: 'granted' as NotificationPermission,
  refuses: false,
  press: () => {},
}

class Shown {
  static get permission() {
    return browser.permission
  }
  static requestPermission = vi.fn(async () => {
    browser.permission = browser.answer
    return browser.answer
  })
  onclick = () => {}
  close = () => {}
  constructor(title: string, options: NotificationOptions) {
    if (browser.refuses) throw new TypeError('Illegal constructor')
    shown(title, options.body, options.tag)
    browser.press = () => this.onclick()
  }
}

const withWorker = (showNotification: (title: string, options: NotificationOptions) => Promise<void>) =>
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: async () => ({ active: {}, showNotification }) },
  })

const hide = (hidden: boolean) =>
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible')

beforeEach(() => {
  Object.assign(browser, { permission: 'default', answer: 'granted', refuses: false })
  shown.mockReset()
  Shown.requestPermission.mockClear()
  vi.stubGlobal('Notification', Shown)
  vi.stubGlobal('isSecureContext', true)
  useNotify.setState({ wanted: false, denied: false })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('the browser is asked when the switch is turned, and by nothing else', async () => {
  hide(true)
  tellOutside('Node pve3 is offline', 'Lab', 'a', '/c/lab')
  expect(Shown.requestPermission).not.toHaveBeenCalled()
  await notify(true)
  expect(Shown.requestPermission).toHaveBeenCalledTimes(1)
  tellOutside('Node pve3 is offline', 'Lab', 'a', '/c/lab')
  await vi.waitFor(() => expect(shown.mock.calls).toEqual([['Node pve3 is offline', 'Lab', 'a']]))
  browser.press()
  expect(useLocation.getState().path).toBe('/c/lab')
})

it('where there is a worker it shows them, for a page may not everywhere', async () => {
  hide(true)
  await notify(true)
  browser.refuses = true
  const byWorker = vi.fn(async () => {})
  withWorker(byWorker)
  tellOutside('Node pve3 is offline', 'Lab', 'a', '/c/lab')
  await vi.waitFor(() => expect(byWorker).toHaveBeenCalledTimes(1))
  expect(byWorker).toHaveBeenCalledWith(
    'Node pve3 is offline',
    expect.objectContaining({ body: 'Lab', tag: 'a', data: { href: '/c/lab' } }),
  )
})

it('a browser that refuses to show one breaks nothing', async () => {
  hide(true)
  await notify(true)
  browser.refuses = true
  expect(() => tellOutside('Node pve3 is offline', 'Lab', 'a', null)).not.toThrow()
  await Promise.resolve()
  expect(shown).not.toHaveBeenCalled()
})

it('nothing is shown outside while the page is seen', async () => {
  hide(false)
  await notify(true)
  tellOutside('Node pve3 is offline', 'Lab', 'a', '/c/lab')
  expect(shown).not.toHaveBeenCalled()
})

it('a browser that says no leaves the switch off and says why', async () => {
  browser.answer = 'denied'
  await notify(true)
  expect(useNotify.getState()).toMatchObject({ wanted: false, denied: true })
})
