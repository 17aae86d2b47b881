import { type ComponentType, createElement, lazy, type ReactNode, useState } from 'react'

export interface Later<P> {
  (props: P): ReactNode
  readonly preload: () => Promise<unknown>
}

interface Part {
  /** Null until it has been fetched. */
  there: ComponentType<object> | null
  readonly awaited: ComponentType<object>
}

/** The choice is kept: another component in its place would lose what it holds. */
function Shown({ part, props }: { part: Part; props: object }) {
  const [view] = useState(() => part.there ?? part.awaited)
  return createElement(view, props)
}

/** Like `lazy`; but what was fetched before it is shown is there at once, with no frame of its skeleton. */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): Later<P> {
  const preload = async () => {
    const { default: view } = (await load()) as { default: ComponentType<object> }
    part.there = view
    return { default: view }
  }
  const part: Part = { there: null, awaited: lazy(preload) }
  return Object.assign((props: P) => createElement(Shown, { part, props }), { preload })
}
