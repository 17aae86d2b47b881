import type { ComponentProps, ReactNode } from 'react'
import { Refused } from './Refused.tsx'

interface Props {
  /** The words on the button that sends it, and those while that is under way. */
  readonly action: string
  readonly doing?: string | undefined
  readonly busy?: boolean
  /** False while there is nothing to send yet. */
  readonly ready?: boolean
  readonly refusal?: ComponentProps<typeof Refused>['refusal']
  readonly wide?: boolean
  readonly onSend: () => unknown
  /** One step of several has a way back, a dialog a way out. */
  readonly onBack?: (() => void) | null | undefined
  readonly onCancel?: () => void
  /** Another way on, beside it. */
  readonly other?: ReactNode
  readonly children: ReactNode
}

/** What is filled in and sent, why it was refused, and the ways on and back. */
export const Form = ({ action, doing = action, busy = false, ready = true, ...props }: Props) => (
  <form
    className={props.wide ? 'form form-wide' : 'form'}
    onSubmit={(event) => {
      event.preventDefault()
      void props.onSend()
    }}
  >
    {props.children}
    <Refused refusal={props.refusal ?? null} />
    <div className={props.onCancel ? 'ask-buttons' : 'form-buttons'}>
      {props.onCancel && (
        <button type="button" className="btn" onClick={props.onCancel}>
          Cancel
        </button>
      )}
      <button type="submit" className="btn btn-strong" disabled={busy || !ready}>
        {busy ? doing : action}
      </button>
      {props.other}
      {props.onBack && (
        <button type="button" className="btn btn-bare" disabled={busy} onClick={props.onBack}>
          Back
        </button>
      )}
    </div>
  </form>
)
