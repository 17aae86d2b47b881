import type { TestAnswer } from '../../contract/rest.gen.ts'
import { count } from '../../lib/format.ts'
import { Cure } from '../../ui/Cure.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { isLacking } from './draft.ts'

const unseen = (test: TestAnswer): string[] =>
  [
    test.canSeeNodes ? '' : 'nodes',
    test.canSeeGuests ? '' : 'guests',
    test.canSeeStorage ? '' : 'storage',
  ].filter(Boolean)

const quorum = ({ quorate, nodes }: TestAnswer) => {
  if (quorate === null) return nodes.length > 1 ? 'not told' : 'a single node, or not told'
  return quorate ? 'yes' : 'no'
}

/** What a token was found to be able to see, and how to let it see the rest. */
export function Findings({ test }: { test: TestAnswer }) {
  const dark = unseen(test)
  return (
    <div className="tested">
      <p className="tested-head">
        <Mark shape="disc" tone="good" /> <b>{test.name}</b> answers: Proxmox VE {test.version}
      </p>
      <ul className="tested-nodes" aria-label="Nodes">
        {test.nodes.map((node) => (
          <li key={node.name}>
            <Mark
              shape={node.online ? 'disc' : 'cross'}
              tone={node.online ? 'good' : 'bad'}
              label={node.online ? 'online' : 'offline'}
            />
            {node.name} <span className="mono dim">{node.address ?? 'address unknown'}</span>
          </li>
        ))}
      </ul>
      <Facts
        rows={[
          ['Token', test.tokenId],
          ['Quorum', quorum(test)],
          [
            'Guests',
            test.canSeeGuests && test.guests !== null
              ? count(test.guests, 'guest')
              : 'not visible to this token',
          ],
          [
            'Storage',
            test.canSeeStorage && test.storages !== null
              ? count(test.storages, 'storage')
              : 'not visible to this token',
          ],
        ]}
      />
      {isLacking(test) && (
        <div className="tested-dark" role="status">
          <p>
            <Mark shape="triangle" tone="warn" />{' '}
            {dark.length > 0
              ? `This token cannot see ${dark.join(', ')}.`
              : 'This token does not see everything.'}
            {test.missing.length > 0 && ` It lacks ${test.missing.join(', ')}.`}
            {test.cure.length > 0 && ' Paste this on a node, as root:'}
          </p>
          <Cure lines={test.cure} />
        </div>
      )}
    </div>
  )
}
