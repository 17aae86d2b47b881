import { sized, token } from '../../lib/canvas.ts'
import type { Sector, Spot } from './model.ts'

const TURN = Math.PI * 2
const TILT = 0.38
const FEW = 200

interface Palette {
  readonly accent: string
  readonly line: string
  readonly track: string
  readonly soft: string
  readonly red: string
  readonly orange: string
  readonly mono: string
}

interface Globe {
  readonly ctx: CanvasRenderingContext2D
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly turn: number
  readonly palette: Palette
  /** Of the names, in pixels. */
  readonly size: number
}

export const palette = (): Palette => ({
  accent: token('--accent'),
  line: token('--line'),
  track: token('--track'),
  soft: token('--soft'),
  red: token('--red'),
  orange: token('--orange'),
  mono: token('--mono'),
})

/** Where a place on the globe lands on screen; depth 1 is nearest. */
function project({ x, y, radius, turn }: Globe, longitude: number, latitude: number) {
  const around = longitude + turn
  const out = Math.cos(latitude)
  const [px, py, pz] = [out * Math.sin(around), Math.sin(latitude), out * Math.cos(around)]
  const depth = pz * Math.cos(TILT) - py * Math.sin(TILT)
  return { x: x + px * radius, y: y - (py * Math.cos(TILT) + pz * Math.sin(TILT)) * radius, depth }
}

function lattice(globe: Globe) {
  const { ctx, palette } = globe
  ctx.lineWidth = 1
  ctx.strokeStyle = palette.accent
  const trace = (points: (step: number) => readonly [number, number]) => {
    let pen = false
    ctx.beginPath()
    for (let step = 0; step <= 48; step++) {
      const [longitude, latitude] = points(step / 48)
      const at = project(globe, longitude, latitude)
      if (at.depth > 0) ctx[pen ? 'lineTo' : 'moveTo'](at.x, at.y)
      pen = at.depth > 0
    }
    ctx.stroke()
  }
  ctx.globalAlpha = 0.13
  for (let i = 0; i < 12; i++) trace((t) => [(i * TURN) / 12, (t - 0.5) * Math.PI])
  for (let i = -2; i <= 2; i++) trace((t) => [t * TURN, i * 0.5])
  ctx.globalAlpha = 1
}

const colourOf = (spot: Spot, { accent, soft, red, orange }: Palette) => {
  if (spot.state === 'unknown') return orange
  if (spot.state === 'still') return soft
  return spot.load !== null && spot.load > 0.9 ? red : accent
}

function drawSpot(globe: Globe, spot: Spot, few: boolean) {
  const { ctx, palette } = globe
  const at = project(globe, spot.longitude, spot.latitude)
  const near = (at.depth + 1) / 2
  const strength = spot.state === 'still' ? 0.45 : 1
  ctx.fillStyle = colourOf(spot, palette)
  ctx.globalAlpha = (0.08 + 0.92 * near * near) * strength
  if (!few) {
    const size = 1 + near * 1.4
    ctx.fillRect(at.x - size / 2, at.y - size / 2, size, size)
    return
  }
  const size = 1.2 + near * (1.6 + 3 * Math.sqrt(spot.load ?? 0))
  ctx.beginPath()
  ctx.arc(at.x, at.y, size, 0, TURN)
  ctx.fill()
  if (spot.state !== 'running' || at.depth < 0) return
  ctx.globalAlpha = 0.13 * near
  ctx.beginPath()
  ctx.arc(at.x, at.y, size * 2.8, 0, TURN)
  ctx.fill()
}

function threads(globe: Globe, list: readonly Sector[]) {
  const { ctx, palette } = globe
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = 1
  for (const [i, sector] of list.entries()) {
    const hub = project(globe, (i * TURN) / list.length, 0)
    for (const spot of sector.spots) {
      const at = project(globe, spot.longitude, spot.latitude)
      if (spot.state !== 'running' || at.depth < 0 || hub.depth < 0) continue
      ctx.globalAlpha = 0.28 * Math.min(at.depth, hub.depth)
      ctx.beginPath()
      ctx.moveTo(hub.x, hub.y)
      ctx.lineTo(at.x, at.y)
      ctx.stroke()
    }
  }
}

function arc(globe: Globe, radius: number, from: number, to: number, colour: string, width: number) {
  const { ctx } = globe
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.beginPath()
  ctx.arc(globe.x, globe.y, radius, from, to)
  ctx.stroke()
}

const heat = (fraction: number, { accent, orange, red }: Palette) => {
  if (fraction > 0.92) return red
  return fraction > 0.8 ? orange : accent
}

function ring(globe: Globe, list: readonly Sector[]) {
  const width = TURN / list.length
  const gap = Math.min(0.09, width * 0.2)
  for (const [i, sector] of list.entries()) {
    const from = -Math.PI / 2 + i * width + gap / 2
    const span = width - gap
    ringPart(globe, sector, from, span)
    if (list.length <= 12) name(globe, sector, from + span / 2)
  }
  globe.ctx.globalAlpha = 1
}

function ringPart(globe: Globe, { state, cpu, memory }: Sector, from: number, span: number) {
  const { ctx, palette, radius } = globe
  const base = { online: palette.track, offline: palette.red, unknown: palette.orange }[state]
  ctx.globalAlpha = 1
  ctx.setLineDash(state === 'online' ? [] : [4, 4])
  arc(globe, radius + 13, from, from + span, base, 4)
  arc(globe, radius + 20, from, from + span, base, 3)
  ctx.setLineDash([])
  if (state !== 'online') return
  if (cpu !== null) arc(globe, radius + 13, from, from + span * cpu, heat(cpu, palette), 4)
  ctx.globalAlpha = 0.55
  if (memory !== null) arc(globe, radius + 20, from, from + span * memory, heat(memory, palette), 3)
}

function name({ ctx, x, y, radius, palette, size }: Globe, sector: Sector, angle: number) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  ctx.globalAlpha = 1
  ctx.fillStyle = sector.state === 'offline' ? palette.red : palette.soft
  ctx.font = `${size}px ${palette.mono}`
  ctx.textBaseline = 'middle'
  ctx.textAlign = Math.abs(cos) < 0.25 ? 'center' : cos > 0 ? 'left' : 'right'
  ctx.fillText(sector.name, x + cos * (radius + 19 + size), y + sin * (radius + 21 + size))
}

export function draw(
  canvas: HTMLCanvasElement,
  list: readonly Sector[],
  turn: number,
  colours: Palette,
): void {
  const fitted = sized(canvas)
  if (!fitted) return
  const { ctx, width, height } = fitted
  const size = Number.parseFloat(getComputedStyle(canvas).fontSize)
  const globe: Globe = {
    ctx,
    x: width / 2,
    y: height / 2,
    radius: Math.max(20, Math.min(width / 2 - 32 - 4 * size, height / 2 - 20 - 2 * size)),
    turn,
    palette: colours,
    size,
  }
  lattice(globe)
  const few = list.reduce((sum, sector) => sum + sector.spots.length, 0) <= FEW
  if (few) threads(globe, list)
  for (const sector of list) for (const spot of sector.spots) drawSpot(globe, spot, few)
  ring(globe, list)
}
