import { Cure } from './Cure.tsx'
import { Loading, Notice } from './Notice.tsx'

interface Props {
  readonly what: string
  readonly sight: 'loading' | 'waiting' | 'blind' | 'hidden'
  readonly missing: readonly string[]
  readonly cure: readonly string[]
}

/** Stands where a list would be whenever an empty list could not be believed. */
export function Unseen({ what, sight, missing, cure }: Props) {
  if (sight === 'loading' || sight === 'waiting') return <Loading what={what} />
  if (sight === 'blind')
    return (
      <Notice title={`Blind: no ${what} read`} tone="bad">
        <p>Proxmox has not answered yet.</p>
      </Notice>
    )
  return (
    <Notice title={`Cannot see ${what}`} tone="warn">
      <p>
        The token has no right to read them, so this is not an empty list.
        {missing.length > 0 && ` Missing: ${missing.join(', ')}.`}
      </p>
      <Cure lines={cure} />
    </Notice>
  )
}
