/** Calls `frame` about `perSecond` times while the page is visible; returns how to stop it. Between frames it sleeps:
 * asking for every frame of the screen would make the browser lay out and paint for nothing. */
export function animate(perSecond: number, frame: (seconds: number) => void): () => void {
  const gap = 1_000 / perSecond
  let timer = 0
  let handle = requestAnimationFrame(tick)
  function tick(now: number) {
    frame(now / 1_000)
    timer = window.setTimeout(() => {
      handle = requestAnimationFrame(tick)
    }, gap - 4)
  }
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(handle)
  }
}

export const prefersStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches
