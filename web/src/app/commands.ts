import { signOut } from '../hub/session.ts'
import { accents, densities, type Layout, modes, resetLayout, schemes, useLayout } from '../stores/layout.ts'
import { canNotify, notify, useNotify } from '../stores/notify.ts'
import { lay } from '../stores/overlay.ts'

export interface Command {
  readonly title: string
  readonly about: string
  readonly words: string
  readonly run: () => void
}

const command = (title: string, about: string, words: string, run: () => void): Command => ({
  title,
  about,
  words,
  run,
})

const set = (change: Partial<Layout>) => () => useLayout.setState(change)

/** What the palette can do, besides going somewhere. */
export function commands(): readonly Command[] {
  const look = 'look appearance settings'
  const { wanted } = useNotify.getState()
  return [
    command('Keyboard shortcuts', 'help', 'keys hotkeys', () => lay('keys')),
    ...modes.map((mode) => command(`Look: ${mode}`, 'appearance', `${look} mode`, set({ mode }))),
    ...schemes.map((scheme) =>
      command(`Theme: ${scheme}`, 'appearance', `${look} colour scheme`, set({ scheme })),
    ),
    ...accents.map((accent) => command(`Accent: ${accent}`, 'appearance', `${look} colour`, set({ accent }))),
    ...densities.map((density) =>
      command(`Density: ${density}`, 'appearance', `${look} spacing`, set({ density })),
    ),
    command('Put all panels back', 'layout', 'reset arrange default', resetLayout),
    ...(canNotify()
      ? [
          command(
            wanted ? 'Turn browser notifications off' : 'Turn browser notifications on',
            'notifications',
            'alerts desktop',
            () => void notify(!wanted),
          ),
        ]
      : []),
    command('Sign out', 'account', 'log out leave', () => void signOut()),
  ]
}
