import { guestConfig } from '../../api/proxmox.ts'
import { useAnswer } from '../../hub/useAnswer.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Told } from '../../ui/Told.tsx'
import type { TabProps } from './Guest.tsx'

export function Config({ cluster, guest }: TabProps) {
  const asked = useAnswer(`config ${cluster} ${guest.vmid}`, () => guestConfig(cluster, guest.vmid))
  return (
    <section className="panel detail-facts" aria-labelledby="config-title">
      <h2 id="config-title">Configuration</h2>
      <Told what="the configuration" asked={asked} lines={10}>
        {({ entries }) =>
          entries.length === 0 ? (
            <Notice title="Nothing configured" />
          ) : (
            <dl className="config">
              {entries.map(({ key, value }) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )
        }
      </Told>
    </section>
  )
}
