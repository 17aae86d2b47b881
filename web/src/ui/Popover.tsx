import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

interface Props {
  readonly label: string
  readonly face: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

export function Popover({ label, face, className = 'chip', children }: Props) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    // What was chosen leads elsewhere, and from there the way back is to the button.
    const chosen = ({ target }: MouseEvent) => {
      if (!(target instanceof Element) || !box.current?.contains(target) || !target.closest('[data-away]'))
        return
      setOpen(false)
      button.current?.focus()
    }
    // A sheet whose button the layout has put away would hang in the air.
    const gone = () => {
      if (!button.current?.checkVisibility()) setOpen(false)
    }
    window.addEventListener('resize', gone)
    document.addEventListener('pointerdown', outside)
    document.addEventListener('keydown', close)
    document.addEventListener('click', chosen)
    return () => {
      window.removeEventListener('resize', gone)
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('keydown', close)
      document.removeEventListener('click', chosen)
    }
  }, [open])
  return (
    <div className="popover" ref={box}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <section id={id} className="popover-sheet" aria-label={label}>
          {children}
        </section>
      )}
    </div>
  )
}
