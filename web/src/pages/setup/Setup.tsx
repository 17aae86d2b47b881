import { Suspense } from 'react'
import { finishSetup, setupState } from '../../api/setup.ts'
import type { PageProps } from '../../app/page.ts'
import type { SetupState } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { useTitle } from '../../lib/title.ts'
import { navigate } from '../../stores/location.ts'
import { useSession } from '../../stores/session.ts'
import { Boundary } from '../../ui/Boundary.tsx'
import { Loading, Notice } from '../../ui/Notice.tsx'
import { Refused } from '../../ui/Refused.tsx'
import { Wordmark } from '../../ui/Wordmark.tsx'
import { Done } from './Done.tsx'
import { steps } from './steps.ts'
import './setup.css'

const END = 'done'
const go = (step: string) => navigate(`/setup/${step}`)

export default function SetupPage({ params }: PageProps) {
  useTitle('Set-up')
  const user = useSession((session) => session.user)
  const role = useSession((session) => session.role)
  const asked = useAnswer(`setup ${user ?? ''}`, setupState)
  return (
    <main className="setup">
      <Wordmark />
      <section className="setup-sheet panel">
        {!asked.value && !asked.refusal && <Loading what="the set-up" lines={6} />}
        {!asked.value && asked.refusal && (
          <Notice title="The set-up cannot be read" tone="bad">
            <p>{asked.refusal.words}</p>
            <button type="button" className="btn" onClick={asked.reload}>
              Try again
            </button>
          </Notice>
        )}
        {asked.value && (asked.value.needsAdmin || role === 'admin') && (
          <Steps state={asked.value} wanted={params.step} onChanged={asked.reload} />
        )}
        {asked.value && !asked.value.needsAdmin && role !== 'admin' && <Closed signedIn={user !== null} />}
      </section>
    </main>
  )
}

const Closed = ({ signedIn }: { signedIn: boolean }) => (
  <Notice title="Already set up">
    <p>
      {signedIn
        ? 'Only an administrator can go through it again.'
        : 'There is an account already. Sign in; an administrator finds the rest there.'}
    </p>
    <a className="btn" href="/">
      {signedIn ? 'To the screen' : 'To the sign-in'}
    </a>
  </Notice>
)

interface StepsProps {
  readonly state: SetupState
  readonly wanted: string | undefined
  readonly onChanged: () => void
}

function Steps({ state, wanted, onChanged }: StepsProps) {
  const skipping = useOrder()
  const isDone = (id: string) =>
    !state.needsAdmin && (state.steps.find((step) => step.id === id)?.done ?? true)
  const isNeeded = (id: string) => state.steps.find((step) => step.id === id)?.required ?? false
  const first = steps.findIndex((step) => isNeeded(step.id) && !isDone(step.id))
  // What is all done and still offered ends at the last choice that is needed, such as keeping the demo.
  const resumed =
    first < 0
      ? Math.max(
          0,
          steps.findLastIndex((step) => isNeeded(step.id)),
        )
      : first
  const named = wanted === END ? steps.length : steps.findIndex((step) => step.id === wanted)
  // Nothing can be done before there is an account.
  const at = state.needsAdmin ? 0 : named < 0 ? resumed : named
  const step = steps[at]
  const back = at > 0 ? () => go(steps[at - 1]?.id ?? '') : null
  const skip = () =>
    skipping.run(async () => {
      await finishSetup()
      navigate('/')
    })
  return (
    <>
      <ol className="setup-steps" aria-label="Set-up">
        {steps.map((each, i) => (
          <li
            key={each.id}
            aria-current={i === at ? 'step' : undefined}
            data-done={i < at || isDone(each.id)}
          >
            {each.title}
          </li>
        ))}
      </ol>
      <h1 className="setup-title">{step?.title ?? 'All set'}</h1>
      <Boundary key={step?.id ?? END} name="This step">
        <Suspense fallback={<Loading what="the step" />}>
          {step ? (
            <step.view
              onDone={() => {
                onChanged()
                go(steps[at + 1]?.id ?? END)
              }}
              onBack={back}
            />
          ) : (
            <Done onBack={() => go(steps.at(-1)?.id ?? '')} />
          )}
        </Suspense>
      </Boundary>
      {!state.needsAdmin && state.offered && step && (
        <p className="setup-skip">
          <button type="button" className="btn btn-bare" disabled={skipping.busy} onClick={() => void skip()}>
            Skip the set-up
          </button>
        </p>
      )}
      <Refused refusal={skipping.refusal} />
    </>
  )
}
