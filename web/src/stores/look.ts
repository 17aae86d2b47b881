import { create } from 'zustand'
import { type Layout, useLayout } from './layout.ts'

const light = matchMedia('(prefers-color-scheme: light)')

const usePreferred = create<{ readonly light: boolean }>(() => ({ light: light.matches }))

light.addEventListener('change', () => usePreferred.setState({ light: light.matches }))

const schemeOf = (scheme: Layout['scheme'], prefersLight: boolean): 'dark' | 'light' => {
  if (scheme === 'auto') return prefersLight ? 'light' : 'dark'
  return scheme
}

/** Changes with everything that a drawing takes its colours from. */
export function useLook(): string {
  const prefersLight = usePreferred((state) => state.light)
  return useLayout(({ mode, accent, scheme }) => `${mode} ${accent} ${schemeOf(scheme, prefersLight)}`)
}

/** Keeps the page's attributes, which the theme hangs from, with the choices; until it runs, public/look.js has done so. */
export function wear(): void {
  const apply = () => {
    const { mode, accent, scheme, density } = useLayout.getState()
    const worn = schemeOf(scheme, usePreferred.getState().light)
    Object.assign(document.documentElement.dataset, { mode, accent, density, scheme: worn })
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground)
  }
  apply()
  useLayout.subscribe(apply)
  usePreferred.subscribe(apply)
}
