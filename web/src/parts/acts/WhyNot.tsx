import { meaningOf } from '../../lib/refusals.ts'
import type { Refusal } from '../../stores/answers.ts'
import { Refused } from '../../ui/Refused.tsx'

/** Why it was not done: what that means first, then the server's own words. */
export function WhyNot({ refusal }: { refusal: Refusal | null }) {
  if (!refusal) return null
  const meaning = meaningOf(refusal.code)
  return (
    <div className="why-not">
      <Refused refusal={meaning === null ? refusal : { words: meaning, cure: [] }} />
      {meaning !== null && (
        <p className="why-said">
          The server says: {refusal.words} <span className="mono">{refusal.code}</span>
        </p>
      )}
    </div>
  )
}
