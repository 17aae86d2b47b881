import type { GuestView } from '../../contract/hubs.gen.ts'
import type { BackupView } from '../../contract/rest.gen.ts'
import type { Wish } from '../../stores/acts.ts'

export interface Offer extends Wish {
  /** What the button says. */
  readonly word: string
  readonly danger: boolean
  /** There is more to say: the tool's own form is opened with what is known. */
  readonly asks?: boolean
}

const kind = (guest: GuestView) => (guest.type === 'vm' ? 'vm' : 'container')

/** What can be done to a guest as it is now. */
export function offersOf(cluster: string, guest: GuestView): readonly Offer[] {
  if (guest.template || guest.missing) return []
  const offer = (word: string, tool: string, danger = false): Offer => ({
    word,
    title: `${word} ${guest.name} (${guest.vmid})`,
    tool,
    args: { guest: guest.vmid, cluster },
    danger,
  })
  const power = (verb: string) => `${verb}_${kind(guest)}`
  const vm = guest.type === 'vm'
  switch (guest.status) {
    case 'stopped':
      return [offer('Start', power('start'))]
    case 'running':
      return [
        offer('Shut down', power('shutdown')),
        offer('Restart', power('restart')),
        ...(vm ? [offer('Pause', 'suspend_vm')] : []),
        offer('Stop', power('stop'), true),
      ]
    case 'paused':
      return vm ? [offer('Resume', 'resume_vm'), offer('Stop', power('stop'), true)] : []
    case 'suspended':
      // Hibernated: to start it is to let it go on.
      return guest.lock === 'suspended' ? [offer('Start', power('start'))] : []
    default:
      return []
  }
}

/** What else can be done to a guest, which is wanted less often. */
export function moreOffersOf(cluster: string, guest: GuestView): readonly Offer[] {
  if (guest.missing) return []
  const offer = (word: string, tool: string, asks = true): Offer => ({
    word: asks ? `${word}…` : word,
    title: `${word} ${guest.name} (${guest.vmid})`,
    tool,
    args: { guest: guest.vmid, cluster },
    danger: false,
    asks,
  })
  const clone = offer('Clone', 'clone_guest')
  if (guest.template) return [clone]
  return [
    ...(guest.lock === null ? [] : [offer('Unlock', 'unlock_guest', false)]),
    offer('Back up', 'backup_guest', false),
    offer('Migrate', 'migrate_guest'),
    clone,
    offer('Change', 'update_guest'),
    offer('Grow a disk', 'resize_disk'),
  ]
}

export const nodeOffers = (cluster: string, node: string): readonly Offer[] => [
  {
    word: 'Empty it…',
    title: `Move all guests off ${node}`,
    tool: 'evacuate_node',
    args: { node, cluster },
    danger: false,
    asks: true,
  },
  {
    word: 'Restart the node',
    title: `Restart ${node}`,
    tool: 'reboot_node',
    args: { node, cluster },
    danger: true,
  },
]

const bulk = [
  { action: 'start', word: 'Start', danger: false },
  { action: 'shutdown', word: 'Shut down', danger: false },
  { action: 'restart', word: 'Restart', danger: false },
  { action: 'snapshot', word: 'Snapshot', danger: false },
  { action: 'backup', word: 'Back up', danger: false },
  { action: 'stop', word: 'Stop', danger: true },
] as const

/** The same to many guests: those of a selector, which `whose` says in words. */
export const bulkOffers = (
  cluster: string,
  whose: string,
  selector: Readonly<Record<string, unknown>>,
): readonly Offer[] =>
  bulk.map(({ action, word, danger }) => ({
    word,
    title: `${word} ${whose}`,
    tool: 'bulk_guests',
    args: { action, selector, cluster },
    danger,
  }))

const named = (guest: GuestView, cluster: string, name: string) => ({ guest: guest.vmid, name, cluster })

export const snapshotOffers = (cluster: string, guest: GuestView, name: string): readonly Offer[] => [
  {
    word: 'Roll back',
    title: `Roll ${guest.name} back to ${name}`,
    tool: 'rollback_snapshot',
    args: named(guest, cluster, name),
    danger: true,
  },
  {
    word: 'Delete',
    title: `Delete the snapshot ${name} of ${guest.name}`,
    tool: 'delete_snapshot',
    args: named(guest, cluster, name),
    danger: true,
  },
]

export const backupOffers = (cluster: string, guest: GuestView, backup: BackupView): readonly Offer[] => [
  {
    word: 'Restore…',
    title: `Restore ${guest.name} under a new number`,
    tool: 'restore_backup',
    args: { volume: backup.volume, node: guest.node, cluster },
    danger: false,
    asks: true,
  },
  {
    word: 'Delete',
    title: `Delete the backup ${backup.volume}`,
    tool: 'delete_backup',
    args: { volume: backup.volume, cluster },
    danger: true,
  },
]
