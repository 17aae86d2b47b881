import type { ShownPlan } from '../../contract/rest.gen.ts'
import { Mark } from '../../ui/Mark.tsx'

/** What a call will do to what, as the server says it; nothing in it is a model's word but what says so. */
export function PlanSheet({ plan }: { plan: ShownPlan }) {
  const { changes, targets, warnings, duration, undo, raisedBecause, askedAfterReading, modelSays } = plan
  const held = targets.flatMap(({ holds }) => holds)
  return (
    <div className="plan">
      <p className="plan-summary">{plan.summary}</p>
      {changes.length > 0 && (
        <table className="plan-changes">
          <thead className="sr-only">
            <tr>
              <th>What</th>
              <th>Before and after</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ what, before, after }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>
                  {before !== null && <span className="dim">{before} → </span>}
                  {after ?? 'nothing'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="plan-warning">
          <Mark shape="triangle" tone="warn" label="Warning" /> {warning}
        </p>
      ))}
      <dl className="plan-facts">
        <Fact name="Touches" text={targets.map(({ text }) => text).join(', ')} />
        <Fact name="Stands on it" text={held.join(', ')} />
        <Fact name="Takes" text={duration} />
        <Fact name="Way back" text={undo} />
        <Fact name="Raised" text={raisedBecause} />
        <Fact name="Asked for after reading" text={askedAfterReading.join(', ')} />
        <Fact name="The model says" text={modelSays} />
      </dl>
    </div>
  )
}

const Fact = ({ name, text }: { name: string; text: string | null }) =>
  text ? (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  ) : null
