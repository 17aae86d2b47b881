const names: Readonly<Record<string, string>> = {
  aptupdate: 'Update package lists',
  imgcopy: 'Copy an image',
  qmclone: 'Clone',
  qmconfig: 'Configure',
  qmcreate: 'Create',
  qmdestroy: 'Destroy',
  qmigrate: 'Migrate',
  qmreboot: 'Reboot',
  qmreset: 'Reset',
  qmresume: 'Resume',
  qmrestore: 'Restore',
  qmrollback: 'Roll back',
  qmshutdown: 'Shut down',
  qmsnapshot: 'Snapshot',
  qmstart: 'Start',
  qmstop: 'Stop',
  qmsuspend: 'Suspend',
  srvreload: 'Reload a service',
  srvrestart: 'Restart a service',
  startall: 'Start all guests',
  stopall: 'Stop all guests',
  vncproxy: 'Console',
  vzclone: 'Clone',
  vzcreate: 'Create',
  vzdestroy: 'Destroy',
  vncshell: 'Shell',
  vzdump: 'Backup',
  vzmigrate: 'Migrate',
  vzreboot: 'Reboot',
  vzrestore: 'Restore',
  vzrollback: 'Roll back',
  vzshutdown: 'Shut down',
  vzsnapshot: 'Snapshot',
  vzstart: 'Start',
  vzstop: 'Stop',
}

/** The same as things that can fail, one and several. */
const nouns: Readonly<Record<string, readonly [string, string]>> = { vzdump: ['Backup', 'Backups'] }

/** As the subject of a sentence: "Backup on pve1 failed". */
export const taskNoun = (type: string): string => nouns[type]?.[0] ?? `“${taskName(type)}”`

/** The same for several of one type. */
export const taskNouns = (type: string): string => nouns[type]?.[1] ?? `“${taskName(type)}” tasks`

/** What people call a type of task; Proxmox's own word where there is none. */
export const taskName = (type: string): string => names[type] ?? type
