import { flushSync } from 'react-dom'
import { useLayout } from '../stores/layout.ts'

const FOCUSABLE = 'input, [role="listbox"], a[href], button, [tabindex="0"]'

/** Brings a panel into sight, opened, and the focus into it. */
export function reveal(panel: string, inside = FOCUSABLE): void {
  flushSync(() =>
    useLayout.setState(({ collapsed }) => ({
      section: panel,
      collapsed: { ...collapsed, [panel]: false },
    })),
  )
  const element = document.querySelector(`.panel-${panel}`)
  const target =
    element?.querySelector<HTMLElement>(`.panel-body :is(${inside})`) ??
    element?.querySelector<HTMLElement>('.panel-head button')
  target?.focus()
  element?.scrollIntoView({ block: 'nearest' })
}
