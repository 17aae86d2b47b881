import { expect, it } from 'vitest'
import { setAnswer, useAnswers } from '../stores/answers.ts'
import { metricsKey, setHistory, useMetrics } from '../stores/metrics.ts'
import { setProgress, useProgress } from '../stores/progress.ts'
import { dropCluster } from './forget.ts'

it('a cluster that left takes with it what stood under its key, and nothing of another', () => {
  for (const key of ['lab', 'lab2']) {
    setAnswer(`config ${key} 101`, () => ({ value: key, refusal: null, busy: false, askedAt: 1 }))
    setHistory(metricsKey(key, 'guest/101', 'hour'), () => ({ metrics: null, problem: 'no', askedAt: 1 }))
    setProgress(key, 'UPID:1', { percent: 10, line: '' })
  }
  dropCluster('lab')
  expect(Object.keys(useAnswers.getState().all)).toEqual(['config lab2 101'])
  expect(Object.keys(useMetrics.getState().all)).toEqual(['lab2 guest/101 hour'])
  expect([...useProgress.getState().all.keys()]).toEqual(['lab2 UPID:1'])
})
