import { policy } from '../../../../api/safety.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { moment } from '../../../../lib/format.ts'
import { Told } from '../../../../ui/Told.tsx'
import { Keyword } from './Keyword.tsx'
import { Limits } from './Limits.tsx'
import { Rules } from './Rules.tsx'

/** The rules of the gate: administrators change them, operators see them. */
export default function Safety() {
  const asked = useAnswer('policy', policy)
  return (
    <>
      <section className="settings-block" aria-labelledby="keyword-title">
        <h2 id="keyword-title">Approval keyword</h2>
        <Keyword />
      </section>
      <Told what="the rules" asked={asked} lines={6}>
        {(view) => (
          <>
            <Rules
              list="protected"
              title="Protected"
              about="What stands here can be looked at and started, and never stopped, changed or removed: by nobody, with no approval. So it is with guests that have the tag jarvis-protected."
              view={view}
              onChanged={asked.reload}
            />
            <Rules
              list="twoPersons"
              title="Two persons"
              about="Whoever asks for something to be done to these may not approve it: another person must."
              view={view}
              onChanged={asked.reload}
            />
            <section className="settings-block" aria-labelledby="limits-title">
              <h2 id="limits-title">Limits</h2>
              <Limits now={view.policy} onChanged={asked.reload} />
            </section>
            <p className="dim">
              {view.by === null || view.at === null
                ? 'Nobody has changed these rules yet; they are those of the configuration.'
                : `Last changed by ${view.by}, ${moment(view.at)}.`}
            </p>
          </>
        )}
      </Told>
    </>
  )
}
