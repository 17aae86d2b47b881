/** Fits a canvas to its box at the screen's density; null when it has no size yet. */
export function sized(
  canvas: HTMLCanvasElement,
): { ctx: CanvasRenderingContext2D; width: number; height: number } | null {
  const { clientWidth: width, clientHeight: height } = canvas
  const ctx = canvas.getContext('2d')
  if (!ctx || width === 0 || height === 0) return null
  const density = Math.min(globalThis.devicePixelRatio || 1, 2)
  const [w, h] = [Math.round(width * density), Math.round(height * density)]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  ctx.setTransform(density, 0, 0, density, 0, 0)
  ctx.clearRect(0, 0, width, height)
  return { ctx, width, height }
}

/** The value of a token such as `--accent`, so that drawings follow the theme. */
export const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Calls back when the element's size changes; returns how to stop. */
export function onResize(element: Element, changed: () => void): () => void {
  const observer = new ResizeObserver(changed)
  observer.observe(element)
  return () => observer.disconnect()
}
