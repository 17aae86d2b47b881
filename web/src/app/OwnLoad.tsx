import { bytes, clock, milliseconds } from '../lib/format.ts'
import { useCluster } from '../stores/clusters.ts'
import { Facts } from '../ui/Facts.tsx'
import { Popover } from '../ui/Popover.tsx'

/** What watching costs the watched. */
export function OwnLoad() {
  const header = useCluster((cluster) => cluster.header)
  const observer = header?.observer
  if (!header || !observer) return null
  const { callsPerMinute, bytesPerMinute, answerMilliseconds, endpoint } = observer
  const calls = Math.round(callsPerMinute).toString()
  return (
    <Popover
      label={`Own load: ${calls} calls a minute; details`}
      className="chip chip-load"
      face={
        <>
          <svg className="mark tone-accent" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M0 6h2.5l1.5-4.5l2 7l1.5-4h2.5" fill="none" stroke="currentColor" strokeWidth="1.3" />
          </svg>
          <span>{calls} calls/min</span>
        </>
      }
    >
      <h3 className="sheet-title">Own load</h3>
      <p className="dim">What watching asks of Proxmox, over the last minute.</p>
      <Facts
        rows={[
          ['Calls', `${calls} / min`],
          ['Received', `${bytes(bytesPerMinute)} / min`],
          ['Answer time', answerMilliseconds === null ? null : milliseconds(answerMilliseconds)],
          ['Cadence', `${header.cadenceSeconds} s`],
          ['Read at', header.observedAt === null ? null : clock(header.observedAt)],
          ['Endpoint', endpoint],
          ['Proxmox VE', header.version],
        ]}
      />
    </Popover>
  )
}
