import { Cure } from './Cure.tsx'
import { Mark } from './Mark.tsx'

interface Props {
  readonly refusal: { readonly words: string; readonly cure: readonly string[] } | null
}

/** Why what was asked for did not happen, in the server's words. */
export function Refused({ refusal }: Props) {
  if (!refusal) return null
  return (
    <div className="refused" role="alert">
      <p>
        <Mark shape="cross" tone="bad" /> {refusal.words}
      </p>
      <Cure lines={refusal.cure} />
    </div>
  )
}
