import { useMemo, useState } from 'react'
import { tools as askTools } from '../../api/gate.ts'
import type { PageProps } from '../../app/page.ts'
import type { Tier } from '../../contract/hubs.gen.ts'
import type { ToolView } from '../../contract/rest.gen.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { best } from '../../lib/fuzzy.ts'
import { path } from '../../lib/match.ts'
import { useTitle } from '../../lib/title.ts'
import { sayTool } from '../../lib/tool.ts'
import { TierTag } from '../../parts/acts/TierTag.tsx'
import { NoSuch } from '../../ui/NoSuch.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import { One } from './One.tsx'
import './tools.css'

const tiers: readonly Tier[] = ['green', 'yellow', 'red', 'orange', 'black']

/** Everything that this server can do, how dangerous each is, and what it takes. */
export default function ToolsPage({ params }: PageProps) {
  const asked = useAnswer('tools', askTools)
  useTitle(params.tool && sayTool(params.tool), 'Tools')
  return (
    <div className="tools">
      <Told what="the tools" asked={asked} lines={8}>
        {(all) => {
          const tool = all.find(({ name }) => name === params.tool)
          if (tool) return <One key={tool.name} tool={tool} />
          if (params.tool)
            return (
              <NoSuch what="tool" href="/tools" to="all tools">
                <p>This server has no tool “{params.tool}”.</p>
              </NoSuch>
            )
          return <List all={all} />
        }}
      </Told>
    </div>
  )
}

function List({ all }: { all: readonly ToolView[] }) {
  const [query, setQuery] = useState('')
  const [tier, setTier] = useState<Tier | ''>('')
  const found = useMemo(
    () =>
      best(
        all.filter((tool) => tier === '' || tool.tier === tier),
        query,
        all.length,
        ({ name, description }) => [name.replaceAll('_', ' '), description.toLowerCase()],
      ),
    [all, query, tier],
  )
  return (
    <>
      <h1>Tools</h1>
      <search className="tools-seek">
        <input
          className="field"
          type="search"
          aria-label="Search tools"
          placeholder="Name or what it does"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <select
          className="field row-choice"
          aria-label="Tier"
          value={tier}
          onChange={(event) => setTier(event.target.value as Tier | '')}
        >
          <option value="">Any tier</option>
          {tiers.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <span className="dim" role="status">
          {found.length} of {all.length}
        </span>
      </search>
      {found.length === 0 ? (
        <Notice title="No tool fits" />
      ) : (
        <ul className="tools-list" aria-label="Tools">
          {found.map(({ name, tier: of, description }) => (
            <li key={name}>
              <a href={path('tools', name)}>{sayTool(name)}</a> <TierTag tier={of} />
              <p>{description}</p>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
