import { useState } from 'react'
import { keyword, setKeyword } from '../../../../api/safety.ts'
import type { KeywordView } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { clock } from '../../../../lib/format.ts'
import { KeywordForm } from '../../../../parts/keyword/KeywordForm.tsx'
import { useMay } from '../../../../stores/session.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { isOfPassword, OwnPassword } from '../../../../ui/OwnPassword.tsx'
import { Told } from '../../../../ui/Told.tsx'

/** The word for ORANGE calls: whether there is one, and for administrators another. */
export function Keyword() {
  const asked = useAnswer('keyword', keyword)
  const admin = useMay('admin')
  const [changed, setChanged] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const done = (words: string) => {
    setChanged(words)
    setLeaving(false)
    asked.reload()
  }
  return (
    <Told what="the keyword" asked={asked} lines={2}>
      {(now) => (
        <>
          <State now={now} />
          {admin && (
            <KeywordForm
              key={String(now.set)}
              action={now.set ? 'Set another one' : 'Set the keyword'}
              onSet={() => done('The new keyword holds from now on.')}
              other={
                now.set && (
                  <button type="button" className="btn btn-danger" onClick={() => setLeaving(true)}>
                    Take it away
                  </button>
                )
              }
            />
          )}
          {changed && (
            <p role="status">
              <Mark shape="disc" tone="good" /> {changed}
            </p>
          )}
          {!admin && !now.set && <p className="dim">An administrator sets it.</p>}
          {leaving && (
            <Leaving onClose={() => setLeaving(false)} onDone={() => done('There is no keyword any more.')} />
          )}
        </>
      )}
    </Told>
  )
}

const State = ({ now: { set, lockedUntil } }: { now: KeywordView }) => (
  <>
    <p>
      <Mark shape={set ? 'disc' : 'ring'} tone={set ? 'good' : 'warn'} />{' '}
      {set ? (
        <>
          <b>It is set.</b> Whoever approves an ORANGE call, such as a free command on a host, types it for
          that one call.
        </>
      ) : (
        <>
          <b>Not set.</b> ORANGE calls, such as a free command on a host, are refused until there is one.
          Everything else works without.
        </>
      )}
    </p>
    {lockedUntil !== null && (
      <p>
        <Mark shape="triangle" tone="warn" /> No word is taken until {clock(lockedUntil)}: too many wrong ones
        were typed. Setting another one ends that.
      </p>
    )}
  </>
)

function Leaving({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { busy, refusal, run } = useOrder()
  const [password, setPassword] = useState('')
  const send = () =>
    run(async () => {
      await setKeyword(password, null)
      onDone()
    })
  return (
    <Ask title="Take the keyword away?" onClose={onClose}>
      <Form
        action="Take it away"
        doing="Working…"
        busy={busy}
        refusal={isOfPassword(refusal) ? null : refusal}
        onSend={send}
        onCancel={onClose}
      >
        <p>ORANGE calls are refused from then on, those that wait included, until another one is set.</p>
        <OwnPassword value={password} onChange={setPassword} refusal={refusal} />
      </Form>
    </Ask>
  )
}
