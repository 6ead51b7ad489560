import type { Unstructured } from '@k1s/apimachinery'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RecordedQueue } from '../../test/recorded-queue.ts'
import type { GenericEvent } from '../event.ts'
import { enqueueRequestForObject } from '../handler/enqueue-request-for-object.ts'
import { predicateFuncs } from '../predicate/predicate-funcs.ts'
import { channelSource } from './channel-source.ts'
import { EventChannel } from './event-channel.ts'
import { functionSource } from './function-source.ts'
import { kindSource } from './kind-source.ts'

let queue: RecordedQueue
let stop: AbortController
const noError = (error: unknown) => expect.unreachable(String(error))

beforeEach(() => {
  queue = new RecordedQueue()
  stop = new AbortController()
})

afterEach(() => stop.abort())

test('kindSource has no predicates and whole objects by default', () => {
  const kind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }
  const handler = enqueueRequestForObject()
  expect(kindSource(kind, handler)).toEqual({
    type: 'Kind',
    kind,
    handler,
    predicates: [],
    onlyMetadata: false,
  })
  const predicate = predicateFuncs(() => true)
  expect(kindSource(kind, handler, { predicates: [predicate], onlyMetadata: true })).toMatchObject({
    predicates: [predicate],
    onlyMetadata: true,
  })
})

test('functionSource gives its function the queue and the signal, and throws what it throws', async () => {
  const source = functionSource('tick', async (to, signal) => {
    to.add({ namespace: '', name: `${signal.aborted}` })
    throw new Error('no tick')
  })
  expect(source.name).toBe('tick')
  await expect(source.start(queue, stop.signal, noError)).rejects.toThrow('no tick')
  expect(queue.requests).toEqual(['/false'])
})

describe('channelSource', () => {
  test('brings the events of a channel to the handler, also those sent before it started', async () => {
    const channel = new EventChannel()
    await channel.send(event('one'))
    await channelSource('test', channel, enqueueRequestForObject()).start(queue, stop.signal, noError)
    await channel.send(event('two'))
    await vi.waitFor(() => expect(queue.requests).toEqual(['ns/one', 'ns/two']))
  })

  test('brings the events of any iterable', async () => {
    async function* events() {
      yield event('one')
      yield event('two')
    }
    await channelSource('test', events(), enqueueRequestForObject()).start(queue, stop.signal, noError)
    await vi.waitFor(() => expect(queue.requests).toEqual(['ns/one', 'ns/two']))
  })

  test('brings only events that pass all predicates', async () => {
    const channel = new EventChannel()
    const predicates = [
      predicateFuncs(({ metadata }) => metadata.name !== 'one'),
      predicateFuncs(({ metadata }) => metadata.name !== 'two'),
    ]
    await channelSource('test', channel, enqueueRequestForObject(), { predicates }).start(
      queue,
      stop.signal,
      noError,
    )
    for (const name of ['one', 'two', 'three']) await channel.send(event(name))
    await vi.waitFor(() => expect(queue.requests).toEqual(['ns/three']))
  })

  test('brings an event when the handler is done with the one before', async () => {
    const channel = new EventChannel()
    const seen: string[] = []
    let goOn = () => {}
    const handler = {
      generic: ({ object }: GenericEvent) => {
        seen.push(object.metadata.name ?? '')
        return new Promise<void>((resolve) => {
          goOn = resolve
        })
      },
    }
    await channelSource('test', channel, handler).start(queue, stop.signal, noError)
    await channel.send(event('one'))
    await channel.send(event('two'))
    await vi.waitFor(() => expect(seen).toEqual(['one']))
    goOn()
    await vi.waitFor(() => expect(seen).toEqual(['one', 'two']))
  })

  test('brings none after its signal, and leaves them to the next start', async () => {
    const channel = new EventChannel()
    const source = channelSource('test', channel, enqueueRequestForObject())
    const first = new RecordedQueue()
    await source.start(first, stop.signal, noError)
    stop.abort()
    await channel.send(event('one'))
    stop = new AbortController()
    await source.start(queue, stop.signal, noError)
    await vi.waitFor(() => expect(queue.requests).toEqual(['ns/one']))
    expect(first.requests).toEqual([])
  })

  test('ends the iteration with its signal', async () => {
    const ended = vi.fn()
    const events: AsyncIterable<GenericEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          ended()
          return { done: true, value: undefined }
        },
      }),
    }
    await channelSource('test', events, enqueueRequestForObject()).start(queue, stop.signal, noError)
    expect(ended).not.toHaveBeenCalled()
    stop.abort()
    expect(ended).toHaveBeenCalledOnce()
  })

  test('tells what the handler throws, and goes on', async () => {
    const channel = new EventChannel()
    const errors: unknown[] = []
    const handler = {
      generic: ({ object }: GenericEvent) => {
        if (object.metadata.name === 'bad') throw new Error('bad event')
        queue.add({ namespace: '', name: object.metadata.name ?? '' })
      },
    }
    const source = channelSource('test', channel, handler, { onError: (error) => errors.push(error) })
    await source.start(queue, stop.signal, noError)
    await channel.send(event('bad'))
    await channel.send(event('good'))
    await vi.waitFor(() => expect(queue.requests).toEqual(['/good']))
    expect(errors).toEqual([new Error('bad event')])
  })

  test('tells what the iterable throws', async () => {
    const errors: unknown[] = []
    async function* events() {
      yield event('one')
      throw new Error('connection lost')
    }
    const source = channelSource('test', events(), enqueueRequestForObject(), {
      onError: (error) => errors.push(error),
    })
    await source.start(queue, stop.signal, noError)
    await vi.waitFor(() => expect(errors).toEqual([new Error('connection lost')]))
    expect(queue.requests).toEqual(['ns/one'])
  })

  test('tells what the end of the iteration throws', async () => {
    const errors: unknown[] = []
    const events: AsyncIterable<GenericEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => Promise.reject(new Error('already closed')),
      }),
    }
    const source = channelSource('test', events, enqueueRequestForObject(), {
      onError: (error) => errors.push(error),
    })
    await source.start(queue, stop.signal, noError)
    stop.abort()
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual([new Error('already closed')])
  })
})

describe('EventChannel', () => {
  test.each([0, 2])('of size %i makes a sender wait until there is room', async (bufferSize) => {
    const channel = new EventChannel({ bufferSize })
    for (let i = 0; i < bufferSize; i++) await channel.send(event(`${i}`))
    const sent = vi.fn()
    const sending = channel.send(event('last')).then(sent)
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).not.toHaveBeenCalled()
    const reader = channel[Symbol.asyncIterator]()
    const names = []
    for (let i = 0; i <= bufferSize; i++) names.push((await reader.next()).value?.object.metadata.name)
    await sending
    expect(names).toEqual([...Array(bufferSize).keys(), 'last'].map(String))
  })

  test('gives what was sent before it was closed, then ends', async () => {
    const channel = new EventChannel()
    await channel.send(event('one'))
    channel.close()
    const names: unknown[] = []
    for await (const { object } of channel) names.push(object.metadata.name)
    expect(names).toEqual(['one'])
  })

  test('ends those who wait for an event when it is closed', async () => {
    const channel = new EventChannel()
    const next = channel[Symbol.asyncIterator]().next()
    channel.close()
    await expect(next).resolves.toEqual({ done: true, value: undefined })
  })

  test('takes nothing once it is closed', async () => {
    const channel = new EventChannel()
    channel.close()
    await expect(channel.send(event('one'))).rejects.toThrow('send on closed channel')
  })

  test.each([-1, 1.5, Number.NaN])('refuses a size of %d', (bufferSize) => {
    expect(() => new EventChannel({ bufferSize })).toThrow(RangeError)
  })
})

function event(name: string): GenericEvent {
  const object: Unstructured = { apiVersion: 'v1', kind: 'Hook', metadata: { namespace: 'ns', name } }
  return { object }
}
