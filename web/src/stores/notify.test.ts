import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { notify, tellOutside, useNotify } from './notify.ts'

const shown = vi.fn()
const browser = {
  permission: 'default' as NotificationPermission,
  answer: 'granted' as NotificationPermission,
}

class Shown {
  static get permission() {
    return browser.permission
  }
  static requestPermission = vi.fn(async () => {
    browser.permission = browser.answer
    return browser.answer
  })
  constructor(title: string, options: NotificationOptions) {
    shown(title, options.body, options.tag)
  }
}

const hide = (hidden: boolean) =>
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible')

beforeEach(() => {
  Object.assign(browser, { permission: 'default', answer: 'granted' })
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
  tellOutside('Node pve3 is offline', 'Lab', 'a')
  expect(Shown.requestPermission).not.toHaveBeenCalled()
  await notify(true)
  expect(Shown.requestPermission).toHaveBeenCalledTimes(1)
  tellOutside('Node pve3 is offline', 'Lab', 'a')
  expect(shown.mock.calls).toEqual([['Node pve3 is offline', 'Lab', 'a']])
})

it('nothing is shown outside while the page is seen', async () => {
  hide(false)
  await notify(true)
  tellOutside('Node pve3 is offline', 'Lab', 'a')
  expect(shown).not.toHaveBeenCalled()
})

it('a browser that says no leaves the switch off and says why', async () => {
  browser.answer = 'denied'
  await notify(true)
  expect(useNotify.getState()).toMatchObject({ wanted: false, denied: true })
})
