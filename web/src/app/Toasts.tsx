import { useEffect } from 'react'
import { Toaster, toast } from 'sonner'
import 'sonner/dist/styles.css'
import { type Alert, alertsOf, type Troubles } from '../stores/alerts.ts'
import { useClusters } from '../stores/clusters.ts'
import { useEvents } from '../stores/events.ts'
import { navigate } from '../stores/location.ts'
import { tellOutside } from '../stores/notify.ts'
import { Mark } from '../ui/Mark.tsx'
import { look } from '../ui/states.ts'
import { tellActs } from './tellActs.tsx'
import './toasts.css'

const MOST = 4
const SHOWN = { error: 12_000, critical: 60_000 } as const

const nameOf = (key: string) => useClusters.getState().all[key]?.header.name ?? key

function show({ id, severity, text, about, count, href }: Alert, away: () => void): void {
  const title = count > 1 ? `${text} (${count} of this kind)` : text
  toast(title, {
    id,
    description: about,
    duration: SHOWN[severity],
    className: `toast-${severity}`,
    icon: <Mark {...look(severity)} label={severity} />,
    onDismiss: away,
    onAutoClose: away,
    ...(href !== null && { action: { label: 'Show', onClick: () => navigate(href) } }),
  })
  tellOutside(title, about, id, href)
}

/** Says what needs eyes as it happens; routine has the feed. */
export default function Toasts() {
  useEffect(() => {
    const troubles = new Map() as Troubles
    return useEvents.subscribe(({ fresh }, before) => {
      if (fresh === before.fresh || fresh.length === 0) return
      const { shown, over } = alertsOf(fresh, troubles, nameOf, Date.now())
      for (const id of over) toast.dismiss(id)
      for (const alert of shown) show(alert, () => troubles.delete(alert.id))
    })
  }, [])
  useEffect(tellActs, [])
  return (
    <Toaster
      position="bottom-right"
      visibleToasts={MOST}
      closeButton
      containerAriaLabel="What just happened"
      mobileOffset={{ bottom: 64 }}
    />
  )
}
