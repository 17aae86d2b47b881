import { type RefObject, useEffect, useState } from 'react'
import { onResize } from '../lib/canvas.ts'

const SPARE = 6

/** Which of `count` rows of one height are in sight of the scrolling box. */
export function useWindowed(box: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [view, setView] = useState({ first: 0, rows: 20 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      const first = Math.floor(element.scrollTop / rowHeight)
      const rows = Math.ceil(element.clientHeight / rowHeight) + 1
      setView((old) => (old.first === first && old.rows === rows ? old : { first, rows }))
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    const stop = onResize(element, look)
    return () => {
      element.removeEventListener('scroll', look)
      stop()
    }
  }, [box, rowHeight])
  const start = Math.max(0, Math.min(view.first, count - view.rows) - SPARE)
  return { start, end: Math.min(count, start + view.rows + 2 * SPARE), height: count * rowHeight }
}
