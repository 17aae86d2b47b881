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

  it('tells of what vanished', () => {
    const health = judgeHealth(whole({ nodes: [node('pve1'), node('pve2', { missing: true })] }), 'live')
    expect(health.sentence).toBe('Node pve2 is no longer listed by Proxmox.')
  })

  it('says nothing good of a cluster without nodes', () => {
    expect(judgeHealth(whole({ nodes: [] }), 'live').level).toBe('unknown')
  })

  it('tells repeated failures of a day as one, and forgets older ones', () => {
    const failed = (upid: string, startedAt: string): TaskView => ({
      upid,
      node: 'pve1',
      type: 'vzdump',
      target: '',
      user: 'root@pam',
      startedAt,
      endedAt: startedAt,
      state: 'failed',
      exitStatus: 'job errors',
    })
    const tasks = [
      failed('a', '2026-01-31T02:00:00Z'),
      failed('b', '2026-01-31T03:00:00Z'),
      failed('c', '2026-01-29T03:00:00Z'),
    ]
    const { level, findings } = judgeHealth(whole({ tasks }), 'live')
    expect(level).toBe('notice')
    expect(findings).toHaveLength(1)
    expect(findings[0]?.text).toMatch(/^Back up on pve1 failed 2 times in a day, last at \d\d:00$/)
  })
})
