import { useState } from 'react'
import type { GuestView } from '../../contract/hubs.gen.ts'
import { act } from '../../hub/act.ts'
import { useKilled } from '../../stores/gate.ts'
import { useMay } from '../../stores/session.ts'
import { Ask } from '../../ui/Ask.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/Form.tsx'

const LEGAL = /^[a-zA-Z][a-zA-Z0-9_-]{1,39}$/

const proposed = () => `s-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`

/** Makes a snapshot of the guest under a name of one's own. */
export function NewSnapshot({ cluster, guest }: { cluster: string; guest: GuestView }) {
  const [open, setOpen] = useState(false)
  const may = useMay('operator')
  const killed = useKilled()
  if (!may || guest.template || guest.missing) return null
  return (
    <>
      <button type="button" className="btn" disabled={killed} onClick={() => setOpen(true)}>
        New snapshot
      </button>
      {open && <Asking cluster={cluster} guest={guest} onClose={() => setOpen(false)} />}
    </>
  )
}

interface Props {
  readonly cluster: string
  readonly guest: GuestView
  readonly onClose: () => void
}

function Asking({ cluster, guest, onClose }: Props) {
  const [name, setName] = useState(proposed)
  const [description, setDescription] = useState('')
  const legal = LEGAL.test(name) && name !== 'current'
  return (
    <Ask title={`Snapshot of ${guest.name}`} onClose={onClose}>
      <Form
        action="Make it"
        ready={legal}
        onCancel={onClose}
        onSend={() => {
          onClose()
          void act({
            title: `Snapshot ${name} of ${guest.name}`,
            tool: 'create_snapshot',
            args: {
              guest: guest.vmid,
              name,
              cluster,
              ...(description.trim() && { description: description.trim() }),
            },
          })
        }}
      >
        <Field
          label="Name"
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          hint="A letter, then letters, digits, dashes and underscores."
          problem={legal ? null : '2 to 40 characters, a letter first, not “current”'}
        />
        <Field
          label="Description (optional)"
          maxLength={500}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
      </Form>
    </Ask>
  )
}
