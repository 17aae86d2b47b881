import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { answer, problem } from '../../../../../tests/support/answers.ts'
import type { ClusterListing } from '../../../../contract/rest.gen.ts'
import { EditCluster } from './EditCluster.tsx'

const settings = {
  key: 'lab',
  name: 'Lab',
  origin: 'added',
  paused: false,
  endpoints: ['https://10.0.0.1:8006'],
  fingerprints: [],
  tokenId: 'jarvis@pve!screen',
  cadenceSeconds: 10,
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('offers to say that it is the same cluster once the server takes it for another', async () => {
  const asked = answer({
    'GET /api/clusters/lab/settings': { status: 200, body: settings },
    'PATCH /api/clusters/lab': [
      problem(409, 'CLUSTER_OTHER', 'It is another cluster, or all of its certificates were replaced.'),
      { status: 200, body: settings },
    ],
  })
  const done = vi.fn()
  render(<EditCluster cluster={settings as unknown as ClusterListing} onClose={() => {}} onDone={done} />)
  fireEvent.change(await screen.findByLabelText('New address'), { target: { value: '10.0.0.9' } })
  expect(screen.queryByRole('checkbox')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  fireEvent.click(
    await screen.findByRole('checkbox', { name: 'It is the same cluster with new certificates.' }),
  )
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(done).toHaveBeenCalledOnce())
  expect(asked.filter((one) => one.method === 'PATCH').map((one) => one.body)).toEqual([
    { address: '10.0.0.9' },
    { address: '10.0.0.9', sameCluster: true },
  ])
})
