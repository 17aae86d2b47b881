import { type ReactNode, useState } from 'react'
import { setKeyword } from '../../api/safety.ts'
import type { KeywordView } from '../../contract/rest.gen.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'
import { isOfPassword, OwnPassword } from '../../ui/OwnPassword.tsx'

interface Props {
  readonly action: string
  readonly onSet: (now: KeywordView) => void
  readonly onBack?: (() => void) | null
  /** What may be done instead, as a button beside it. */
  readonly other?: ReactNode
}

/** Sets the word that is typed for an ORANGE call; whoever sets it shows by the own password that it is them. */
export function KeywordForm({ action, onSet, onBack, other }: Props) {
  const { busy, refusal, run } = useOrder()
  const [word, setWord] = useState('')
  const [shown, setShown] = useState(false)
  const [password, setPassword] = useState('')
  const ofWord = refusal?.code === 'DENY_ARGS'
  const send = () =>
    run(async () => {
      const now = await setKeyword(password, word)
      setWord('')
      setPassword('')
      onSet(now)
    })
  return (
    <Form
      action={action}
      doing="Setting it…"
      busy={busy}
      refusal={ofWord || isOfPassword(refusal) ? null : refusal}
      onSend={send}
      onBack={onBack}
      other={other}
    >
      <div className="new-password">
        <Field
          label="New keyword"
          type={shown ? 'text' : 'password'}
          value={word}
          onChange={(event) => setWord(event.target.value)}
          hint="6 to 128 characters. It is kept as a hash, so nobody can look it up later."
          problem={ofWord ? refusal.words : null}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <label className="tick">
          <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
          <span>Show it</span>
        </label>
      </div>
      <OwnPassword value={password} onChange={setPassword} refusal={refusal} />
    </Form>
  )
}
