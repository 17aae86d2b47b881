import { useEffect, useRef } from 'react'
import type { ClusterListing } from '../../contract/rest.gen.ts'
import { useDraft } from '../../stores/drafts.ts'
import { AddressStage } from './AddressStage.tsx'
import { blank, type Draft } from './draft.ts'
import { FingerprintStage } from './FingerprintStage.tsx'
import { RightsStage } from './RightsStage.tsx'
import { TokenStage } from './TokenStage.tsx'
import './connect.css'

const stages = ['Address', 'Fingerprint', 'Token', 'Rights'] as const

interface Props {
  readonly onAdded: (listing: ClusterListing) => void
  readonly onBack?: () => void
}

/** From an address to a cluster that is being watched; the same in the wizard and in the settings. */
export function Connect({ onAdded, onBack }: Props) {
  const [draft, setDraft] = useDraft<Draft>('connect', blank)
  const [stage, setStage] = useDraft('connect stage', 0)
  const heading = useRef<HTMLHeadingElement>(null)
  // What a screen reader says next should be the new stage, not the button that is gone.
  useEffect(() => {
    if (stage > 0) heading.current?.focus()
  }, [stage])

  const props = {
    draft,
    change: (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change })),
    // Named, not counted: a late answer must not carry on a stage that was left.
    onNext: () => setStage(stage + 1),
    onBack: stage > 0 ? () => setStage(stage - 1) : (onBack ?? null),
  }
  return (
    <div className="connect">
      <ol className="connect-stages" aria-label="Connecting a cluster">
        {stages.map((name, i) => (
          <li key={name} aria-current={i === stage ? 'step' : undefined} data-done={i < stage}>
            {name}
          </li>
        ))}
      </ol>
      <h2 ref={heading} tabIndex={-1} className="connect-title">
        {titles[stage]}
      </h2>
      {stage === 0 && <AddressStage {...props} />}
      {stage === 1 && <FingerprintStage {...props} />}
      {stage === 2 && <TokenStage {...props} />}
      {stage === 3 && <RightsStage {...props} onAdded={onAdded} />}
    </div>
  )
}

const titles = [
  'Where is your cluster?',
  'Is this really your cluster?',
  'Let Jarvis look',
  'What Jarvis can see',
] as const
