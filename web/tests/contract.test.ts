import { type ILogger, type InvocationMessage, JsonHubProtocol } from '@microsoft/signalr'
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack'
import { expect, it } from 'vitest'
import calls from './contract/calls.golden.json'

const silent: ILogger = { log: () => {} }

/** The bytes are the server's own, written by its tests; the expectation is its JSON. */
it.each(calls.map((call) => [call.protocol, call.target, call] as const))(
  'the npm client reads %s %s as the server means it',
  (_protocol, target, call) => {
    const bytes = Uint8Array.from(atob(call.wire), (c) => c.charCodeAt(0))
    const messages =
      call.protocol === 'messagepack'
        ? new MessagePackHubProtocol().parseMessages(bytes.buffer, silent)
        : new JsonHubProtocol().parseMessages(new TextDecoder().decode(bytes), silent)
    expect(messages).toHaveLength(1)
    const message = messages[0] as InvocationMessage
    expect(message.target).toBe(target)
    expect(message.arguments).toEqual(call.arguments)
  },
)

it('every method that the screen listens to is among them', () => {
  expect(calls.map((call) => call.target)).toEqual(
    expect.arrayContaining(['Snapshot', 'Delta', 'Heartbeat', 'TaskProgress', 'Happened', 'Failed']),
  )
})
