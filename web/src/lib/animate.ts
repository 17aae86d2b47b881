/** Calls `frame` at most `perSecond` times while the page is visible; returns how to stop it. */
export function animate(perSecond: number, frame: (seconds: number) => void): () => void {
  const gap = 1_000 / perSecond
  let last = -gap
  let handle = requestAnimationFrame(tick)
  function tick(now: number) {
    if (now - last >= gap - 2) {
      last = now
      frame(now / 1_000)
    }
    handle = requestAnimationFrame(tick)
  }
  return () => cancelAnimationFrame(handle)
}

export const prefersStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
