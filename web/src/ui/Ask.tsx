import type { ReactNode } from 'react'
import { Dialog } from './Dialog.tsx'

interface Props {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A dialog with its title in sight. */
export const Ask = ({ title, onClose, children }: Props) => (
  <Dialog label={title} className="ask" onClose={onClose}>
    <div className="ask-body">
      <h2>{title}</h2>
      {children}
    </div>
  </Dialog>
)

interface ConfirmProps extends Props {
  readonly action: string
  readonly busy: boolean
  readonly onConfirm: () => void
}

/** Says what will happen before it does; the safe answer has the focus. */
export const Confirm = ({ action, busy, onConfirm, children, ...ask }: ConfirmProps) => (
  <Ask {...ask}>
    <div className="ask-words">{children}</div>
    <div className="ask-buttons">
      <button type="button" className="btn" onClick={ask.onClose}>
        Cancel
      </button>
      <button type="button" className="btn btn-danger" disabled={busy} onClick={onConfirm}>
        {busy ? 'Working…' : action}
      </button>
    </div>
  </Ask>
)
