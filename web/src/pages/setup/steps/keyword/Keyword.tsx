import { keyword } from '../../../../api/safety.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { KeywordForm } from '../../../../parts/keyword/KeywordForm.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { Told } from '../../../../ui/Told.tsx'
import type { StepProps } from '../../step.ts'

/** The word for ORANGE calls; without one they are refused, and it can be set at any time. */
export default function Keyword({ onDone, onBack }: StepProps) {
  const asked = useAnswer('keyword', keyword)
  const done = () => {
    asked.reload()
    onDone()
  }
  return (
    <Told what="the keyword" asked={asked} lines={3}>
      {({ set }) => (
        <div className="ways">
          <p>
            {set && <Mark shape="disc" tone="good" />}{' '}
            {set
              ? 'There is one. Another can be set here, or later in the settings, under Safety.'
              : 'A word that a person types for one call that gives power over a host, such as a free command. Until there is one such calls are refused; everything else works without.'}
          </p>
          <KeywordForm
            action={set ? 'Set another one' : 'Set the keyword'}
            onSet={done}
            onBack={onBack}
            other={
              <button type="button" className="btn" onClick={onDone}>
                {set ? 'Keep it so' : 'Later'}
              </button>
            }
          />
        </div>
      )}
    </Told>
  )
}
