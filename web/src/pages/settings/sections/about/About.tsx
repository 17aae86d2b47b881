import { useShallow } from 'zustand/react/shallow'
import { health } from '../../../../api/rest.ts'
import { useAnswer } from '../../../../hub/useAnswer.ts'
import { bytes, capital, clock, milliseconds } from '../../../../lib/format.ts'
import { useClusters } from '../../../../stores/clusters.ts'
import { Facts } from '../../../../ui/Facts.tsx'
import { Mark } from '../../../../ui/Mark.tsx'
import { look } from '../../../../ui/states.ts'
import { Told } from '../../../../ui/Told.tsx'

export default function About() {
  const asked = useAnswer('health', health)
  const keys = useClusters(useShallow(({ all }) => Object.keys(all).sort()))
  return (
    <>
      <section className="settings-block" aria-labelledby="health-title">
        <h2 id="health-title">Health</h2>
        <Told what="checks" asked={asked}>
          {(report) => (
            <>
              <ul className="rows" aria-label="Checks">
                {report.checks.map((check) => (
                  <li key={check.name}>
                    <div className="row-main">
                      <b>
                        <Mark {...look(check.status)} label={check.status} /> {capital(check.name)}
                      </b>
                      <span className="row-about">{check.description ?? check.status}</span>
                    </div>
                    <span className="mono dim">{milliseconds(check.milliseconds)}</span>
                  </li>
                ))}
              </ul>
              <div className="form-buttons">
                <button type="button" className="btn" disabled={asked.busy} onClick={asked.reload}>
                  {asked.busy ? 'Checking…' : 'Check again'}
                </button>
                <span className="dim">checked at {clock(report.checkedAt)}</span>
              </div>
            </>
          )}
        </Told>
      </section>
      <section className="settings-block" aria-labelledby="load-title">
        <h2 id="load-title">Own load</h2>
        <p>What watching asks of Proxmox, over the last minute.</p>
        {keys.map((key) => (
          <OwnLoad key={key} cluster={key} />
        ))}
        {keys.length === 0 && <p className="dim">Nothing is being watched.</p>}
      </section>
      <section className="settings-block" aria-labelledby="program-title">
        <h2 id="program-title">Program</h2>
        <Facts
          rows={[
            ['Version', String(import.meta.env.VITE_VERSION)],
            [
              'Interface for scripts',
              <a key="docs" className="detail-link" href="/docs">
                reference
              </a>,
            ],
          ]}
        />
      </section>
    </>
  )
}

function OwnLoad({ cluster }: { cluster: string }) {
  const header = useClusters(({ all }) => all[cluster]?.header ?? null)
  const load = header?.observer
  return (
    <div className="settings-load">
      <h3>{header?.name ?? cluster}</h3>
      <Facts
        rows={[
          ['Calls', load ? `${Math.round(load.callsPerMinute)} / min` : null],
          ['Received', load ? `${bytes(load.bytesPerMinute)} / min` : null],
          ['Answer time', load?.answerMilliseconds == null ? null : milliseconds(load.answerMilliseconds)],
          ['Cadence', header ? `${header.cadenceSeconds} s` : null],
          ['Proxmox VE', header?.version ?? null],
        ]}
      />
    </div>
  )
}
