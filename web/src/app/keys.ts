import { flushSync } from 'react-dom'
import { path as toPath } from '../lib/match.ts'
import { clusterOnScreen, useClusters } from '../stores/clusters.ts'
import { useLayout } from '../stores/layout.ts'
import { navigate } from '../stores/location.ts'
import { lay, typeAhead, useOverlay } from '../stores/overlay.ts'
import { mayAs, useSession } from '../stores/session.ts'
import { pages } from './pages.ts'
import { panels } from './panels.ts'
import { reveal } from './reveal.ts'

export interface Shortcut {
  /** As pressed one after another, with a space between. */
  readonly keys: string
  readonly title: string
  readonly group: 'Anywhere' | 'Go to' | 'In lists' | 'On the head of a panel'
  /** Without it the list itself listens for the key. */
  readonly run?: () => void
}

function go(below: string): void {
  const key = clusterOnScreen()
  useLayout.setState({ section: 'centre' })
  navigate(key === null ? '/' : toPath('c', key) + below)
}

function nextCluster(by: 1 | -1): void {
  const keys = Object.keys(useClusters.getState().all).sort()
  const at = keys.indexOf(clusterOnScreen() ?? '')
  const next = keys[(at + by + keys.length) % keys.length]
  if (next !== undefined) navigate(toPath('c', next))
}

const toPages = pages
  .filter((page) => page.key !== undefined && !page.path.includes('/:'))
  .map((page): Shortcut & { run: () => void } => ({
    keys: `g ${page.key}`,
    title: page.title,
    group: 'Go to',
    run: () => {
      if (!mayAs(useSession.getState().role, page.role)) return
      if (page.scope === 'app') navigate(page.path)
      else go(page.path)
    },
  }))

const toPanels = panels
  .filter((panel) => panel.key !== undefined)
  .map(
    (panel): Shortcut => ({
      keys: `g ${panel.key}`,
      title: panel.title,
      group: 'Go to',
      run: () => {
        if (mayAs(useSession.getState().role, panel.role)) reveal(panel.id)
      },
    }),
  )

/** What the keyboard does: the page listens by this list, and the help shows it. */
export const shortcuts: readonly Shortcut[] = [
  { keys: 'Ctrl+k', title: 'Command palette', group: 'Anywhere', run: () => flushSync(() => lay('palette')) },
  { keys: '?', title: 'This list', group: 'Anywhere', run: () => lay('keys') },
  {
    keys: '/',
    title: 'Search guests',
    group: 'Anywhere',
    run: () => reveal('guests', 'input[type="search"]'),
  },
  { keys: '[', title: 'Previous cluster', group: 'Anywhere', run: () => nextCluster(-1) },
  { keys: ']', title: 'Next cluster', group: 'Anywhere', run: () => nextCluster(1) },
  { keys: 'Escape', title: 'Close what lies over the page', group: 'Anywhere' },
  { keys: 'g o', title: 'Overview', group: 'Go to', run: () => go('') },
  ...toPages,
  ...toPanels,
  { keys: 'ArrowDown', title: 'Next row', group: 'In lists' },
  { keys: 'ArrowUp', title: 'Previous row', group: 'In lists' },
  { keys: 'Enter', title: 'Open the row', group: 'In lists' },
  { keys: 'a', title: 'What can be done to it', group: 'In lists' },
  { keys: 'Alt+Shift+ArrowUp', title: 'Move it up', group: 'On the head of a panel' },
  { keys: 'Alt+Shift+ArrowDown', title: 'Move it down', group: 'On the head of a panel' },
  { keys: 'Alt+Shift+ArrowLeft', title: 'To the left column', group: 'On the head of a panel' },
  { keys: 'Alt+Shift+ArrowRight', title: 'To the right column', group: 'On the head of a panel' },
]

const CHORD = 1_500
const byKeys = new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut]))
const openers = new Set(
  shortcuts
    .map(({ keys }) => keys.split(' '))
    .filter((keys) => keys.length > 1)
    .map(([first]) => first),
)

let opener: { readonly key: string; readonly at: number } | null = null

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]') !== null

// What is still being fetched covers nothing.
const isCovered = () => document.querySelector('dialog[open]') !== null

const isAwaited = () => useOverlay.getState().open === 'palette' && !isCovered()

function ahead(event: KeyboardEvent): void {
  if (typeAhead(event.key)) event.preventDefault()
  else if (event.key === 'Escape') lay(null)
}

function single(event: KeyboardEvent): Shortcut | undefined {
  const before = opener && event.timeStamp - opener.at < CHORD ? opener.key : null
  opener = null
  const found = byKeys.get(before === null ? event.key : `${before} ${event.key}`)
  if (found || before !== null || !openers.has(event.key)) return found
  opener = { key: event.key, at: event.timeStamp }
  return undefined
}

/** Runs what the pressed key stands for; none of it while somebody types or a dialog is open, save Ctrl-K. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const withCtrl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
  if (withCtrl && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    byKeys.get('Ctrl+k')?.run?.()
    return
  }
  const other = event.ctrlKey || event.metaKey || event.altKey
  if (other && !event.getModifierState('AltGraph')) return
  if (isAwaited()) ahead(event)
  else alone(event)
}

function alone(event: KeyboardEvent): void {
  if (!useLayout.getState().keys || isTyping(event.target) || isCovered()) return
  const found = single(event)
  if (!found?.run) return
  event.preventDefault()
  found.run()
}
