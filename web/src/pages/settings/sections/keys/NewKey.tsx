import { tools } from '../../../../api/gate.ts'
import { addKey } from '../../../../api/safety.ts'
import type { NewApiKey } from '../../../../contract/rest.gen.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { useDraft } from '../../../../stores/drafts.ts'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { blank, type Ceiling, grantable, type KeyDraft, type KeyRole, requestOf, withGrant } from './draft.ts'
import { GrantFields } from './GrantFields.tsx'
import './keys.css'

const roles: readonly { readonly role: KeyRole; readonly words: string }[] = [
  { role: 'viewer', words: 'Reads, and nothing else.' },
  { role: 'operator', words: 'Also acts: alone up to its ceiling; what is above waits for a person.' },
]
const ceilings = [
  ['green', 'GREEN: it reads'],
  ['yellow', 'YELLOW: it starts, snapshots and backs up'],
] as const
const lifetimes = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
  ['', 'until it is revoked'],
] as const

export function NewKey({ onMade }: { onMade: (made: NewApiKey) => void }) {
  const { busy, refusal, run } = useOrder()
  const [draft, setDraft] = useDraft<KeyDraft>('key', blank)
  const taken = refusal?.code === 'KEY_TAKEN'
  const acts = draft.role === 'operator'
  const send = () =>
    run(async () => {
      const made = await addKey(requestOf(draft))
      setDraft(blank)
      onMade(made)
    })
  return (
    <Form action="Make a key" doing="Making it…" busy={busy} refusal={taken ? null : refusal} onSend={send}>
      <Field
        label="Name"
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        pattern="[a-z0-9][a-z0-9._\-]{0,39}"
        title="1 to 40 lower-case letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
        hint="What will use it. Lower-case letters, digits, dot, underscore and hyphen."
        placeholder="home-automation"
        problem={taken ? refusal.words : null}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <fieldset className="pick">
        <legend>Role</legend>
        {roles.map(({ role, words }) => (
          <label key={role}>
            <input
              type="radio"
              name="key-role"
              checked={draft.role === role}
              onChange={() => setDraft({ ...draft, role })}
            />
            <b>{role}</b>
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      {acts && (
        <Select
          label="Acts alone up to"
          value={draft.ceiling}
          options={ceilings}
          onChange={(ceiling) => setDraft({ ...draft, ceiling: ceiling as Ceiling })}
        />
      )}
      <Select
        label="Good for"
        value={draft.days}
        options={lifetimes}
        onChange={(days) => setDraft({ ...draft, days })}
      />
      {acts && <Grants draft={draft} onDraft={setDraft} />}
    </Form>
  )
}

/** What it needs no person for though it is above its ceiling: a tool, on these targets alone. */
function Grants({ draft, onDraft }: { draft: KeyDraft; onDraft: (draft: KeyDraft) => void }) {
  const { value } = useAnswer('tools', tools)
  const all = useClusters((clusters) => clusters.all)
  const clusters = Object.values(all).map(({ key, header }) => [key, header.name] as const)
  const { grants } = draft
  return (
    <fieldset className="grants">
      <legend>Grants</legend>
      <p className="entry-hint">
        What it may do above its ceiling without a person: one tool, on the targets that you name and on no
        others.
      </p>
      {grants.map((grant) => (
        <GrantFields
          key={grant.id}
          grant={grant}
          tools={grantable(value ?? [])}
          clusters={clusters}
          onChange={(next) =>
            onDraft({ ...draft, grants: grants.map((each) => (each.id === next.id ? next : each)) })
          }
          onRemove={() => onDraft({ ...draft, grants: grants.filter(({ id }) => id !== grant.id) })}
        />
      ))}
      <div className="form-buttons">
        <button
          type="button"
          className="btn"
          disabled={value === null}
          onClick={() => onDraft(withGrant(draft, '', clusters[0]?.[0] ?? ''))}
        >
          Add a grant
        </button>
      </div>
    </fieldset>
  )
}
