import { useState } from 'react'
import { testCluster } from '../../api/clusters.ts'
import { useOrder } from '../../hub/useOrder.ts'
import { Cure } from '../../ui/Cure.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'
import { accessOf, isTrusted, readToken, type StageProps, tested, tokenIsWhole } from './draft.ts'

/** The least that watching needs: read-only, and the token apart from its user. */
const lines = [
  "pveum user add jarvis@pve --comment 'Jarvis'",
  'pveum acl modify / --roles PVEAuditor --users jarvis@pve',
  'pveum user token add jarvis@pve screen --privsep 1',
  "pveum acl modify / --roles PVEAuditor --tokens 'jarvis@pve!screen'",
]

export function TokenStage({ draft, change, onNext, onBack }: StageProps) {
  const { busy, refusal, run } = useOrder()
  const [half, setHalf] = useState(false)
  async function submit() {
    const token = readToken(draft.token)
    change({ token })
    if (!tokenIsWhole(token)) return setHalf(true)
    if (!isTrusted(draft)) return onBack?.()
    await run(async () => {
      change(tested(draft, await testCluster(accessOf({ ...draft, token }))))
      onNext()
    })
  }
  return (
    <Form
      wide
      action="Test it"
      doing="Testing…"
      busy={busy}
      refusal={refusal}
      onSend={submit}
      onBack={onBack}
    >
      <p>
        Jarvis signs in with an API token. Paste these lines into a shell of any node, as root: they make a
        user who may look at everything and change nothing, and a token for it.
      </p>
      <Cure lines={lines} />
      <Field
        label="API token"
        type="password"
        value={draft.token}
        onChange={(event) => {
          setHalf(false)
          change({ token: event.target.value })
        }}
        onPaste={(event) => {
          event.preventDefault()
          if (busy) return
          setHalf(false)
          change({ token: readToken(event.clipboardData.getData('text')) })
        }}
        placeholder="jarvis@pve!screen=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
        className="mono-field"
        hint="The third line prints it once. You may paste the whole table that it prints."
        problem={half ? 'A token reads USER@REALM!NAME=SECRET, and the secret is a UUID.' : null}
        autoComplete="off"
        spellCheck={false}
        readOnly={busy}
        required
      />
    </Form>
  )
}
