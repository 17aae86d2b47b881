import { flushSync } from 'react-dom'
import { arranged, place, shift } from '../stores/arrange.ts'
import { resetLayout, type Slot, useLayout } from '../stores/layout.ts'
import { speak } from '../stores/spoken.ts'
import { Popover } from '../ui/Popover.tsx'
import type { Panel } from './panel.ts'
import { panels } from './panels.ts'

const sides = { left: 'right', right: 'left' } as const

/** Does it, then has the focus where the panel went and says where that is. */
function move(panel: Panel, work: () => void): void {
  flushSync(work)
  document.querySelector<HTMLElement>(`.panel-${panel.id} .panel-head button`)?.focus()
  const columns = arranged(panels, useLayout.getState().columns)
  for (const [slot, ids] of Object.entries(columns)) {
    const at = ids.indexOf(panel.id)
    if (at >= 0) speak(`${panel.title}: place ${at + 1} of ${ids.length}, ${slot} column`)
  }
}

export const moveBy = (panel: Panel, by: -1 | 1): void => move(panel, () => shift(panels, panel.id, by))

export const moveAcross = (panel: Panel, slot: Slot): void => {
  if (slot !== 'centre') move(panel, () => place(panels, panel.id, slot, null))
}

export function PanelMenu({ panel, slot }: { panel: Panel; slot: Slot }) {
  const ids = arranged(
    panels,
    useLayout((layout) => layout.columns),
  )[slot]
  const at = ids.indexOf(panel.id)
  const item = (words: string, run: () => void, disabled = false) => (
    <li>
      <button type="button" className="menu-item" disabled={disabled} onClick={run}>
        {words}
      </button>
    </li>
  )
  return (
    <Popover
      label={`Arrange ${panel.title}`}
      className="panel-more"
      face={
        <svg viewBox="0 0 10 10" aria-hidden="true" fill="currentColor">
          <circle cx="5" cy="1.5" r="1" />
          <circle cx="5" cy="5" r="1" />
          <circle cx="5" cy="8.5" r="1" />
        </svg>
      }
    >
      <ul>
        {item('Move up', () => moveBy(panel, -1), at === 0)}
        {item('Move down', () => moveBy(panel, 1), at === ids.length - 1)}
        {slot !== 'centre' && item(`To the ${sides[slot]} column`, () => moveAcross(panel, sides[slot]))}
        {item('Put all panels back', resetLayout)}
      </ul>
    </Popover>
  )
}
