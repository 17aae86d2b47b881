import { sized, token } from '../../lib/canvas.ts'

export interface Cell {
  readonly vmid: number
  readonly title: string
  readonly state: string
  /** 0 to 1; null when unknown. */
  readonly heat: number | null
}

export interface Group {
  readonly name: string
  readonly cells: readonly Cell[]
}

export interface Box {
  readonly cell: Cell
  readonly x: number
  readonly y: number
}

export interface Plan {
  readonly size: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly names: readonly { readonly name: string; readonly y: number }[]
}

const LABEL = 92
const MIN = 5
const MAX = 24

/** Rows of cells, a group under another, as large as a height of about `room` allows. */
export function plan(groups: readonly Group[], width: number, room: number): Plan {
  const labelled = groups.length <= 12
  const left = labelled ? LABEL : 0
  const list = labelled ? groups : [{ name: '', cells: groups.flatMap((group) => group.cells) }]
  const rowsAt = (size: number) => {
    const columns = Math.max(1, Math.floor((width - left) / size))
    return list.reduce((rows, group) => rows + Math.max(1, Math.ceil(group.cells.length / columns)), 0)
  }
  let size = MAX
  while (size > MIN && rowsAt(size) * size + list.length * 6 > room) size--
  const columns = Math.max(1, Math.floor((width - left) / size))
  const boxes: Box[] = []
  const names: { name: string; y: number }[] = []
  let y = 0
  for (const group of list) {
    names.push({ name: group.name, y: y + size / 2 })
    for (const [i, cell] of group.cells.entries())
      boxes.push({ cell, x: left + (i % columns) * size, y: y + Math.floor(i / columns) * size })
    y += Math.max(1, Math.ceil(group.cells.length / columns)) * size + 6
  }
  return { size, height: Math.max(size, y - 6), boxes, names }
}

export function draw(canvas: HTMLCanvasElement, { size, boxes, names }: Plan, hovered: number | null): void {
  const fitted = sized(canvas)
  if (!fitted) return
  const { ctx } = fitted
  const [accent, soft, track, orange, red, text] = [
    '--accent',
    '--soft',
    '--track',
    '--orange',
    '--red',
    '--text',
  ].map(token) as [string, string, string, string, string, string]
  ctx.font = `12px ${token('--mono')}`
  ctx.textBaseline = 'middle'
  ctx.fillStyle = soft
  for (const { name, y } of names) ctx.fillText(name, 0, y, LABEL - 10)
  const side = size - (size > 8 ? 3 : 1)
  for (const { cell, x, y } of boxes) {
    ctx.globalAlpha = 1
    ctx.fillStyle = track
    ctx.fillRect(x, y, side, side)
    if (cell.state === 'running' && cell.heat !== null) {
      ctx.globalAlpha = 0.22 + 0.78 * Math.min(1, cell.heat)
      ctx.fillStyle = cell.heat > 0.9 ? red : accent
      ctx.fillRect(x, y, side, side)
    } else if (cell.state !== 'stopped' && cell.state !== 'template') {
      ctx.globalAlpha = 1
      ctx.strokeStyle = orange
      ctx.lineWidth = 1
      ctx.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1)
    }
    if (cell.vmid !== hovered) continue
    ctx.globalAlpha = 1
    ctx.strokeStyle = text
    ctx.lineWidth = 2
    ctx.strokeRect(x - 1, y - 1, side + 2, side + 2)
  }
  ctx.globalAlpha = 1
}

export const hit = ({ boxes, size }: Plan, x: number, y: number): Box | null =>
  boxes.find((box) => x >= box.x && x < box.x + size && y >= box.y && y < box.y + size) ?? null
