import { useEffect, useRef, useState } from 'react'
import { onResize } from '../lib/canvas.ts'

/** What Proxmox's endpoints said, in two lines; the rest is there for whoever asks. */
export function Trouble({ text }: { text: string }) {
  const words = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState(false)
  const [long, setLong] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text may fit
  useEffect(() => {
    const element = words.current
    if (!element || open) return
    return onResize(element, () => setLong(element.scrollHeight > element.clientHeight + 1))
  }, [text, open])
  return (
    <span className="trouble">
      <span ref={words} id="trouble" className="trouble-words" data-open={open}>
        {text}
      </span>
      {(long || open) && (
        <button
          type="button"
          className="trouble-more"
          aria-expanded={open}
          aria-controls="trouble"
          onClick={() => setOpen(!open)}
        >
          {open ? 'less' : 'more'}
        </button>
      )}
    </span>
  )
}
