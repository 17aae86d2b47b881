import { changePolicy } from '../../../../api/safety.ts'
import { useOrder } from '../../../../hub/useOrder.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { useDraft } from '../../../../stores/drafts.ts'
import { Ask } from '../../../../ui/Ask.tsx'
import { Field } from '../../../../ui/Field.tsx'
import { Form } from '../../../../ui/Form.tsx'
import { Select } from '../../../../ui/Select.tsx'
import { adding, type By, blank, type Kind, kinds, type List, ruleOf, waysOf } from './rules.ts'

interface Props {
  readonly list: List
  readonly title: string
  readonly onClose: () => void
  readonly onDone: () => void
}

const labels: Readonly<Record<By, string>> = { id: 'Number', name: 'Name', tag: 'Tag', pool: 'Pool' }

/** A new rule: what kind of thing, which of them, and why. */
export function AddRule({ list, title, onClose, onDone }: Props) {
  const { busy, refusal, run } = useOrder()
  const [draft, setDraft] = useDraft(`rule ${list}`, blank)
  const all = useClusters((clusters) => clusters.all)
  const ways = waysOf(draft.kind)
  const by = ways.includes(draft.by) ? draft.by : 'name'
  const wrong = refusal?.code === 'DENY_ARGS'
  const send = () =>
    run(async () => {
      await changePolicy(adding(list, ruleOf(draft)))
      onDone()
    })
  return (
    <Ask title={`${title}: a new rule`} onClose={onClose}>
      <Form
        action="Add"
        doing="Adding…"
        busy={busy}
        refusal={wrong ? null : refusal}
        onSend={send}
        onCancel={onClose}
      >
        <div className="entry-pair">
          <Select
            label="What"
            value={draft.kind}
            options={kinds.map((kind) => [kind, kind])}
            onChange={(kind) => setDraft({ ...draft, kind: kind as Kind })}
          />
          <Select
            label="By"
            value={by}
            options={ways.map((way) => [way, labels[way].toLowerCase()])}
            onChange={(way) => setDraft({ ...draft, by: way as By })}
          />
        </div>
        <Field
          label={labels[by]}
          value={draft.value}
          onChange={(event) => setDraft({ ...draft, value: event.target.value })}
          hint={by === 'id' ? 'Of the guest: 100 to 999999999.' : 'Exactly as Proxmox has it.'}
          problem={wrong ? refusal.words : null}
          inputMode={by === 'id' ? 'numeric' : undefined}
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Select
          label="On"
          value={draft.cluster}
          options={[
            ['', 'every cluster'],
            ...Object.values(all).map(({ key, header }) => [key, header.name] as const),
          ]}
          onChange={(cluster) => setDraft({ ...draft, cluster })}
        />
        {list === 'protected' && (
          <Field
            label="Why (optional)"
            value={draft.why}
            onChange={(event) => setDraft({ ...draft, why: event.target.value })}
            hint="Said to whoever is refused."
            placeholder="it is the router of the house"
            maxLength={100}
            autoComplete="off"
          />
        )}
      </Form>
    </Ask>
  )
}
