import type { ToolView } from '../../../../contract/rest.gen.ts'
import { sayTool } from '../../../../lib/tool.ts'
import { Field } from '../../../../ui/Field.tsx'
import { Select } from '../../../../ui/Select.tsx'
import type { GrantDraft } from './draft.ts'

interface Props {
  readonly grant: GrantDraft
  readonly tools: readonly ToolView[]
  readonly clusters: readonly (readonly [string, string])[]
  readonly onChange: (grant: GrantDraft) => void
  readonly onRemove: () => void
}

/** One tool and the guests and nodes that it may be used on. */
export function GrantFields({ grant, tools, clusters, onChange, onRemove }: Props) {
  return (
    <div className="grant">
      <div className="entry-pair">
        <Select
          label="Tool"
          value={grant.tool}
          options={[
            ['', 'Choose'],
            ...tools.map(({ name, tier }) => [name, `${sayTool(name)} (${tier.toUpperCase()})`] as const),
          ]}
          required
          onChange={(tool) => onChange({ ...grant, tool })}
        />
        <Select
          label="On"
          value={grant.cluster}
          options={clusters}
          required
          onChange={(cluster) => onChange({ ...grant, cluster })}
        />
        <Field
          label="Guests"
          value={grant.guests}
          onChange={(event) => onChange({ ...grant, guests: event.target.value })}
          hint="Their numbers, with commas between."
          placeholder="101, 102"
          autoComplete="off"
        />
        <Field
          label="Nodes"
          value={grant.nodes}
          onChange={(event) => onChange({ ...grant, nodes: event.target.value })}
          hint="Only where the tool names one, as for a move."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      </div>
      <button type="button" className="btn" onClick={onRemove}>
        Remove this grant
      </button>
    </div>
  )
}
