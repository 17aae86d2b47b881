import { expect, it } from 'vitest'
import { argumentsOf, draftOf, type Schema, sayField } from './schema.ts'

const guest: Schema = { anyOf: [{ type: 'integer', minimum: 100 }, { type: 'string' }] }
const bulk: Schema = {
  type: 'object',
  properties: {
    action: { type: 'string', enum: ['start', 'stop'] },
    selector: {
      type: 'object',
      properties: { tag: { type: 'string' }, names: { type: 'array', items: guest } },
    },
    timeoutS: { type: 'integer' },
    force: { type: 'boolean' },
    size: { type: 'number' },
  },
}

it('digits are a guest’s number, anything else its name', () => {
  const schema = { properties: { guest } }
  expect(argumentsOf(schema, { guest: ' 101 ' })).toEqual({ guest: 101 })
  expect(argumentsOf(schema, { guest: 'web-1' })).toEqual({ guest: 'web-1' })
})

it('what is left empty is left out, below an object too', () => {
  expect(argumentsOf(bulk, { action: 'start', selector: { tag: '', names: '' }, timeoutS: '' })).toEqual({
    action: 'start',
  })
})

it('lists, numbers and ticks become what the tool takes, and false is said', () => {
  const draft = { selector: { names: '101, web\n102' }, timeoutS: '30', force: false, size: '1.5' }
  expect(argumentsOf(bulk, draft)).toEqual({
    selector: { names: [101, 'web', 102] },
    timeoutS: 30,
    force: false,
    size: 1.5,
  })
})

it('what is no number is sent as typed, for the server to say what is legal', () => {
  expect(argumentsOf(bulk, { timeoutS: 'soon' })).toEqual({ timeoutS: 'soon' })
})

it('arguments that are edited come back unchanged', () => {
  const args = { action: 'stop', selector: { names: [101, 'web'] }, timeoutS: 60, force: true }
  expect(argumentsOf(bulk, draftOf(bulk, args))).toEqual(args)
})

it('names are said in words', () => {
  expect(sayField('force_after_timeout')).toBe('Force after timeout')
  expect(sayField('target_node')).toBe('Target node')
  expect(sayField('memory_mib')).toBe('Memory (MiB)')
  expect(sayField('timeout_s')).toBe('Timeout (seconds)')
  expect(sayField('s')).toBe('S')
})
