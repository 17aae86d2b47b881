import { describe, expect, it } from 'vitest'
import { guest, header, node, view } from '../../tests/support/rows.ts'
import type { ClusterView, TaskView } from '../contract/hubs.gen.ts'
import { judgeHealth } from './health.ts'
import { fromView } from './merge.ts'

const whole = (change: Partial<ClusterView> = {}, guests = [guest(1), guest(2, { status: 'stopped' })]) =>
  fromView(view('a', guests, change), 1)

describe('the health sentence', () => {
  it('says that all is quiet, with numbers', () => {
    expect(judgeHealth(whole(), 'live')).toMatchObject({
      level: 'good',
      sentence: 'All quiet. 2 nodes up, 1 guest running.',
    })
  })

  it('names the worst first and counts the rest', () => {
    const cluster = whole({
      nodes: [node('pve1', { memory: 31.5 * 2 ** 30 }), node('pve2', { status: 'offline' })],
    })
    expect(judgeHealth(cluster, 'live')).toMatchObject({
      level: 'critical',
      sentence: 'Node pve2 is offline. 1 more thing to look at.',
    })
  })

  it.each(['connecting', 'waiting', 'stale', 'blind', 'reconnecting'] as const)(
    'is never good while %s',
    (live) => {
      const health = judgeHealth(whole(), live)
      expect(health.level).toBe('unknown')
      expect(health.sentence).not.toMatch(/quiet/)
    },
  )

  it('speaks of a last known state only where there is one', () => {
    expect(judgeHealth(whole(), 'blind').sentence).toContain('last known state')
    const never = whole({ nodes: [], header: { ...header, observedAt: null } }, [])
    expect(judgeHealth(never, 'blind').sentence).toBe(
      'Proxmox cannot be read, and nothing is known of it yet.',
    )
  })

  it('is not good for a token that sees nothing', () => {
    const access = {
      canSeeNodes: false,
      canSeeGuests: false,
      canSeeStorage: false,
      missing: ['Sys.Audit'],
      cure: [],
    }
    expect(judgeHealth(whole({ nodes: [], header: { ...header, access } }, []), 'live').level).toBe('unknown')
  })

  it('does not count a guest of unknown state as running or well', () => {
    const health = judgeHealth(whole({}, [guest(1, { status: 'unknown' })]), 'live')
    expect(health).toMatchObject({ level: 'warning', sentence: 'The state of 1 guest is unknown.' })
  })

  it('tells of a storage of unknown state, unless its node is gone', () => {
    const storage = {
      id: 'nas',
      name: 'nas',
      node: null,
      type: 'nfs',
      content: [],
      shared: true,
      status: 'unknown' as const,
      used: null,
      total: null,
      missing: false,
    }
    const local = { ...storage, id: 'pve2/local', name: 'local', node: 'pve2', shared: false }
    const nodes = [node('pve1'), node('pve2', { status: 'offline' })]
    const { findings } = judgeHealth(whole({ nodes, storages: [storage, local] }), 'live')
    expect(findings.map(({ text }) => text)).toEqual([
      'Node pve2 is offline',
      'Storage nas does not tell its state',
    ])
  })

  it('tells of what vanished', () => {
    const health = judgeHealth(whole({ nodes: [node('pve1'), node('pve2', { missing: true })] }), 'live')
    expect(health.sentence).toBe('Node pve2 is no longer listed by Proxmox.')
  })

  it('says nothing good of a cluster without nodes', () => {
    expect(judgeHealth(whole({ nodes: [] }), 'live').level).toBe('unknown')
  })

  const failed = (startedAt: string, change: Partial<TaskView> = {}): TaskView => ({
    upid: `${startedAt} ${change.type} ${change.node}`,
    node: 'hermes',
    type: 'vzdump',
    target: '',
    user: 'root@pam',
    startedAt,
    endedAt: startedAt,
    state: 'failed',
    exitStatus: 'job errors',
    ...change,
  })

  it('tells repeated failures of a day as one, with the latest time, and forgets older ones', () => {
    const tasks = [
      failed('2026-01-31T03:15:00Z'),
      failed('2026-01-31T02:00:00Z'),
      failed('2026-01-29T03:00:00Z'),
    ]
    const { level, sentence, findings } = judgeHealth(whole({ tasks }), 'live')
    expect(level).toBe('notice')
    expect(findings).toHaveLength(1)
    expect(sentence).toMatch(/^Backups on hermes failed 2 times, last at \d\d:15\.$/)
  })

  it('keeps failures of another type or node apart, below what is worse, the most frequent first', () => {
    const tasks = [
      failed('2026-01-31T01:00:00Z', { type: 'qmstart' }),
      failed('2026-01-31T02:00:00Z', { node: 'zeus' }),
      failed('2026-01-31T03:00:00Z'),
      failed('2026-01-31T04:00:00Z'),
    ]
    const nodes = [node('hermes'), node('zeus', { status: 'offline' })]
    const { findings } = judgeHealth(whole({ nodes, tasks }), 'live')
    expect(findings.map((finding) => finding.text.replace(/\d\d:/, ''))).toEqual([
      'Node zeus is offline',
      'Backups on hermes failed 2 times, last at 00',
      'Backup on zeus failed at 00',
      '“Start” on hermes failed at 00',
    ])
  })
})
