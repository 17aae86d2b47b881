import { useDeferredValue, useMemo, useState } from 'react'
import { useCluster } from '../../stores/clusters.ts'
import { type Finding, judgeHealth } from '../../stores/health.ts'
import { useLive } from '../../stores/live.ts'
import { Mark } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'

const FIRST = 3

export function HealthLine() {
  const cluster = useCluster((whole) => whole)
  const seen = useDeferredValue(cluster)
  const live = useLive()
  const [all, setAll] = useState(false)
  const { level, sentence, findings } = useMemo(() => judgeHealth(seen, live), [seen, live])
  // Without sight the sentence speaks of that, so the worst finding has to stand in the list.
  const rest = level === 'unknown' ? findings : findings.slice(1)
  const listed = all ? rest : rest.slice(0, FIRST)
  const href = level === 'unknown' ? null : findings[0]?.href
  return (
    <div className="health" data-level={level}>
      <p className="health-sentence" role="status" data-testid="health">
        <Mark {...look(level)} />
        {href ? <a href={href}>{sentence}</a> : sentence}
      </p>
      {rest.length > 0 && (
        <ul className="findings">
          {listed.map((finding) => (
            <Row key={finding.text} finding={finding} />
          ))}
          {rest.length > FIRST && (
            <li>
              <button type="button" className="findings-more" onClick={() => setAll(!all)}>
                {all ? 'Fewer' : `${rest.length - FIRST} more`}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  )
}

const Row = ({ finding }: { finding: Finding }) => (
  <li>
    <Mark {...look(finding.level)} label={finding.level} />
    {finding.href ? <a href={finding.href}>{finding.text}</a> : finding.text}
  </li>
)
