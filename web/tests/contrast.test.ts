import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { accents } from '../src/stores/layout.ts'

type Colour = readonly [number, number, number]
type Tokens = Readonly<Record<string, string>>

const read = (name: string) => readFileSync(join(import.meta.dirname, '../src/theme', name), 'utf8')
const tokensIn = (css: string): Tokens =>
  Object.fromEntries([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]))

const dark = tokensIn(read('dark.css'))
const schemes: Readonly<Record<string, Tokens>> = { dark, light: { ...dark, ...tokensIn(read('light.css')) } }
const accentTokens = Object.fromEntries(
  [...read('tokens.css').matchAll(/\[data-accent="(\w+)"\] \{\s*--accent: var\(--(\w+)\)/g)].map(
    ([, accent, token]) => [accent, token ?? ''],
  ),
)

function colour(tokens: Tokens, name: string): Colour {
  const value = tokens[name] ?? ''
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(value)
  if (!hex) throw new Error(`--${name} is “${value}”, no #rrggbb`)
  return [1, 2, 3].map((i) => Number.parseInt(hex[i] ?? '', 16)) as unknown as Colour
}

const mix = (over: Colour, under: Colour, part: number): Colour =>
  over.map((value, i) => value * part + (under[i] ?? 0) * (1 - part)) as unknown as Colour

const linear = (value: number) => (value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)
const luminance = ([r, g, b]: Colour) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)

function contrast(a: Colour, b: Colour): number {
  const [light = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dim + 0.05)
}

const inks = ['text', 'soft', 'dim', 'red', 'orange', 'green', 'cyan', 'accent']
const grounds = ['ground', 'surface', 'raised', 'lifted']

/** Each surface as it is, washed with the accent as chosen things are, and tinted as banners are. */
function papers(tokens: Tokens): readonly (readonly [string, Colour])[] {
  const [accent, ground] = [colour(tokens, 'accent'), colour(tokens, 'ground')]
  const bare = grounds.map((name) => [name, colour(tokens, name)] as const)
  return [
    ...bare,
    ...bare.map(([name, under]) => [`${name} washed`, mix(accent, under, 0.08)] as const),
    ['banner of a warning', mix(colour(tokens, 'orange'), ground, 0.1)],
    ['banner of a fault', mix(colour(tokens, 'red'), ground, 0.12)],
  ]
}

const themes = Object.keys(schemes).flatMap((scheme) => accents.map((accent) => [scheme, accent] as const))

it.each(themes)('every ink can be read on every surface: %s, %s', (scheme, accent) => {
  const own = schemes[scheme] ?? {}
  const tokens = { ...own, accent: own[accentTokens[accent] ?? ''] ?? '' }
  const faint = papers(tokens).flatMap(([paper, under]) =>
    inks
      .map((ink) => [ink, contrast(colour(tokens, ink), under)] as const)
      .filter(([, ratio]) => ratio < 4.5)
      .map(([ink, ratio]) => `${ink} on ${paper}: ${ratio.toFixed(2)}`),
  )
  expect(faint).toEqual([])
})

it.each(themes)('what stands on the accent can be read: %s, %s', (scheme, accent) => {
  const tokens = schemes[scheme] ?? {}
  const ratio = contrast(colour(tokens, 'on-accent'), colour(tokens, accentTokens[accent] ?? ''))
  expect(ratio).toBeGreaterThanOrEqual(4.5)
})
