import { expect, it } from 'vitest'
import { bulkOffers } from './offers.ts'

it('each action of the tool for many guests has its button', () => {
  const offers = bulkOffers('lab', 'all guests of pve1', { node: 'pve1' })
  // As `BulkAction` has them.
  expect(offers.map(({ args }) => args.action).sort()).toEqual(
    ['start', 'shutdown', 'stop', 'restart', 'snapshot', 'backup'].sort(),
  )
  expect(offers.find(({ word }) => word === 'Back up')).toMatchObject({
    title: 'Back up all guests of pve1',
    tool: 'bulk_guests',
    args: { action: 'backup', selector: { node: 'pve1' }, cluster: 'lab' },
  })
})
