import { useState } from 'react'
import { addUser } from '../../../../api/accounts.ts'
import type { Role } from '../../../../contract/rest.gen.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useDraft } from '../../../../stores/drafts.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { NewPassword } from '../../../../ui/NewPassword.tsx'
import { roles } from './roles.ts'

export function AddUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { busy, refusal, run } = useOrder()
  const [name, setName] = useDraft('account name', '')
  const [role, setRole] = useDraft<Role>('account role', 'viewer')
  const [password, setPassword] = useState('')
  const submit = () => {
    void run(async () => void (await addUser(name, role, password))).then((ok) => ok && onDone())
  }
  return (
    <Ask title="Add an account" onClose={onClose}>
      <Form
        action="Add"
        doing="Adding…"
        busy={busy}
        refusal={refusal?.code === 'USER_EXISTS' ? null : refusal}
        onSend={submit}
        onCancel={onClose}
      >
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          pattern="[a-z0-9._\-]{1,64}"
          title="Lower-case letters, digits, dot, underscore and hyphen"
          hint="Lower-case letters, digits, dot, underscore and hyphen."
          problem={refusal?.code === 'USER_EXISTS' ? refusal.words : null}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <fieldset className="pick">
          <legend>Role</legend>
          {roles.map((each) => (
            <label key={each.role}>
              <input
                type="radio"
                name="role"
                checked={role === each.role}
                onChange={() => setRole(each.role)}
              />
              <b>{each.role}</b>
              <span>{each.words}</span>
            </label>
          ))}
        </fieldset>
        <NewPassword user={name} value={password} onChange={setPassword} />
      </Form>
    </Ask>
  )
}
