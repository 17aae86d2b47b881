import { useMemo, useState } from 'react'
import { useCluster } from '../../stores/clusters.ts'
import { type Finding, judgeHealth } from '../../stores/health.ts'
import { useLive } from '../../stores/live.ts'
import { Mark, type Shape, type Tone } from '../../ui/Mark.tsx'
import { look } from '../../ui/states.ts'

const FIRST = 3

const faces: Readonly<Record<string, { shape: Shape; tone: Tone }>> = {
  good: { shape: 'disc', tone: 'good' },
  unknown: { shape: 'question', tone: 'warn' },
}

export function HealthLine() {
  const cluster = useCluster((whole) => whole)
  const live = useLive()
  const [all, setAll] = useState(false)
  const { level, sentence, findings } = useMemo(() => judgeHealth(cluster, live), [cluster, live])
  const listed = all ? findings : findings.slice(0, FIRST)
  return (
    <div className="health" data-level={level}>
      <p className="health-sentence" role="status" data-testid="health">
        <Mark {...(faces[level] ?? look(level))} />
        {sentence}
      </p>
      {findings.length > 0 && (level === 'unknown' || findings.length > 1) && (
        <ul className="findings">
          {listed.map((finding) => (
            <Row key={finding.text} finding={finding} />
          ))}
          {findings.length > FIRST && (
            <li>
              <button type="button" className="findings-more" onClick={() => setAll(!all)}>
                {all ? 'Fewer' : `${findings.length - FIRST} more`}
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
