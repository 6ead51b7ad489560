import {
  newForbidden,
  newInternalError,
  newResourceExpired,
  newTimeoutError,
  newTooManyRequests,
  StatusError,
} from '@k1s/apimachinery'
import { ConnectionError } from '@k1s/core/http'
import { createSharedInformer, type SharedInformerOptions } from '@k1s/core/informers'
import { FakeClock } from '@k1s/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { type ConfigMap, ConfigMaps } from './kinds.ts'
import { bookmark, failed, type ListAnswer, listed, object, ScriptedSource } from './scripted-source.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** An informer that runs on a scripted source, by a clock that stands still, and what it has told. */
async function started(answers: ListAnswer[], options: Partial<SharedInformerOptions<ConfigMap>> = {}) {
  const source = new ScriptedSource(...answers)
  const clock = new FakeClock()
  const informer = createSharedInformer(ConfigMaps, { client: source.client, clock, ...options })
  const told: string[] = []
  const errors: unknown[] = []
  informer.setWatchErrorHandler((error) => errors.push(error))
  informer.addEventHandler({
    onAdd: ({ metadata }, initial) => void told.push(`add ${metadata.name}${initial ? ' initially' : ''}`),
    onUpdate: (previous, { metadata }) =>
      void told.push(
        `update ${metadata.name} ${previous.metadata.resourceVersion}-${metadata.resourceVersion}`,
      ),
    onDelete: ({ metadata }, unknown) =>
      void told.push(`delete ${metadata.name} ${metadata.resourceVersion}${unknown ? ' unknown' : ''}`),
  })
  const stop = new AbortController()
  const running = informer.run(stop.signal)
  ends.push(() => {
    stop.abort()
    return running
  })
  await clock.advance(0)
  return { source, clock, informer, told, errors, settle: () => clock.advance(0) }
}

const expired = newResourceExpired('too old resource version: 5 (9)')

describe('the first list', () => {
  test('may be of any version, and is asked for in pages of 500', async () => {
    const { source, told } = await started([
      listed('7', [object('a', '1'), object('b', '2')], { continue: 'more' }),
      listed('7', [object('c', '3')]),
    ])
    expect(source.lists).toEqual([
      { limit: 500, resourceVersion: '0' },
      { limit: 500, continue: 'more' },
    ])
    expect(told).toEqual(['add a initially', 'add b initially', 'add c initially'])
    expect(source.watches[0]).toMatchObject({ resourceVersion: '7', allowWatchBookmarks: true })
  })

  test('is asked for at once when its pages have expired', async () => {
    const { source, told, errors } = await started([
      listed('7', [object('a', '1')], { continue: 'more' }),
      expired,
      listed('8', [object('b', '8')]),
    ])
    expect(source.lists.at(-1)).toEqual({ resourceVersion: '0' })
    expect(told).toEqual(['add b initially'])
    expect(errors).toEqual([])
  })

  test('asks for what the informer is of', async () => {
    const { source } = await started([listed('7')], {
      namespace: 'there',
      labelSelector: 'a=b',
      fieldSelector: 'metadata.name=c',
    })
    const selection = { namespace: 'there', labelSelector: 'a=b', fieldSelector: 'metadata.name=c' }
    expect(source.lists[0]).toMatchObject(selection)
    expect(source.watches[0]).toMatchObject(selection)
  })

  test('that is forbidden is told of, and tried again', async () => {
    const forbidden = newForbidden({ group: '', resource: 'configmaps' }, '', 'not yours')
    const { source, clock, informer, errors } = await started([forbidden, listed('7', [object('a', '1')])])
    expect(errors).toEqual([forbidden])
    expect(informer.hasSynced).toBe(false)
    await clock.advance(1600)
    expect(informer.hasSynced).toBe(true)
    expect(source.lists).toHaveLength(2)
  })
})

describe('a watch', () => {
  test('brings what happens, and its version is known from objects and bookmarks', async () => {
    const { source, informer, told, settle } = await started([listed('7', [object('a', '1')])])
    expect(informer.lastSyncResourceVersion).toBe('7')
    source.watch.send(
      { type: 'ADDED', object: object('b', '8') },
      { type: 'MODIFIED', object: object('a', '9') },
    )
    await settle()
    expect(informer.lastSyncResourceVersion).toBe('9')
    source.watch.send({ type: 'DELETED', object: object('a', '10') }, bookmark('20'))
    await settle()
    expect(informer.lastSyncResourceVersion).toBe('20')
    expect(informer.indexer.list()).toEqual([object('b', '8')])
    expect(told).toEqual(['add a initially', 'add b', 'update a 1-9', 'delete a 10'])
  })

  test('that has ended is continued at once, from what was seen', async () => {
    const { source, errors, settle } = await started([listed('7')])
    source.watch.send(bookmark('9'))
    source.watch.end()
    await settle()
    expect(source.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['7', '9'])
    expect(source.lists).toHaveLength(1)
    expect(errors).toEqual([])
  })

  test('that ends as soon as it was begun leads to a new list, after a while', async () => {
    const { source, clock, errors, settle } = await started([listed('7')])
    source.watch.end()
    await settle()
    expect(errors.map(String)).toEqual([
      'Error: very short watch: configmaps: Unexpected watch close - watch lasted less than a second and no items received',
    ])
    expect(source.lists).toHaveLength(1)
    await clock.advance(1600)
    expect(source.lists).toHaveLength(2)
  })

  test.each([
    ['nobody is reached', new ConnectionError('GET', 'http://a', 'dial tcp: connect: connection refused')],
    ['the server has no time', newTooManyRequests('later', 1)],
  ])('is begun anew without a list when %s', async (_, error) => {
    const { source, clock, errors, settle } = await started([listed('7')])
    source.watch.end(error)
    await settle()
    expect(errors).toEqual([error])
    expect(source.watches).toHaveLength(1)
    await clock.advance(1600)
    expect(source.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['7', '7'])
    expect(source.lists).toHaveLength(1)
  })

  test('whose version is forgotten leads to a list, which tells what is new, other and gone, and nothing else', async () => {
    const { source, clock, informer, told, errors, settle } = await started([
      listed('7', [object('same', '1'), object('gone', '2'), object('other', '3')]),
      listed('20', [object('same', '1'), object('other', '19'), object('new', '20')]),
    ])
    told.length = 0
    source.watch.send(failed(expired))
    await settle()
    expect(told).toEqual([])
    await clock.advance(1600)
    expect(told).toEqual(['update other 3-19', 'add new', 'delete gone 2 unknown'])
    expect(errors).toEqual([new StatusError(expired.status)])
    expect(source.lists.at(-1)).toEqual({ resourceVersion: '7' })
    expect(source.watches.at(-1)).toMatchObject({ resourceVersion: '20' })
    expect(informer.lastSyncResourceVersion).toBe('20')
  })

  test.each([
    ['forgotten', expired],
    [
      'of the future',
      new StatusError({
        ...newTimeoutError('Too large resource version: 7, current: 2', 1).status,
        details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
      }),
    ],
  ])('leads to a list of any version when its own is %s', async (_, error) => {
    const { source, clock, told, settle } = await started([
      listed('7', [object('a', '1')]),
      error,
      listed('2', [object('b', '2')]),
    ])
    source.watch.send(failed(expired))
    await settle()
    await clock.advance(1600)
    expect(source.lists.slice(1)).toEqual([{ resourceVersion: '7' }, { limit: 500 }])
    expect(told).toEqual(['add a initially', 'add b', 'delete a 1 unknown'])
  })

  test('asks to be ended after five to ten minutes', async () => {
    const { source } = await started([listed('7')])
    expect(source.watches[0]!.timeoutSeconds).toBeGreaterThanOrEqual(300)
    expect(source.watches[0]!.timeoutSeconds).toBeLessThan(600)
  })

  test('of objects without a version to start from keeps none before it has seen all', async () => {
    const { source, informer, told, settle } = await started([listed('')])
    source.watch.send(
      { type: 'ADDED', object: object('b', '9') },
      { type: 'ADDED', object: object('a', '3') },
    )
    await settle()
    expect(informer.lastSyncResourceVersion).toBe('')
    source.watch.send(bookmark('9'))
    await settle()
    expect(informer.lastSyncResourceVersion).toBe('9')
    expect(told).toEqual(['add b', 'add a'])
  })
})

test('failures are tried again after 0.8 to 1.6 seconds, then twice as long each time, up to a minute', async () => {
  const { source, clock } = await started([newInternalError('broken')])
  const times = [clock.now()]
  for (let tenths = 0; tenths < 4000; tenths++) {
    await clock.advance(100)
    if (source.lists.length > times.length) times.push(clock.now())
  }
  const delays = times.slice(1).map((time, index) => time - times[index]!)
  for (const [index, delay] of delays.entries()) {
    const shortest = Math.min(800 * 2 ** index, 30_000)
    expect(delay).toBeGreaterThanOrEqual(shortest)
    expect(delay).toBeLessThanOrEqual(2 * shortest + 100)
  }
  expect(delays.length).toBeGreaterThan(8)
})

test('after two minutes without a failure, the next one is tried again soon', async () => {
  const { source, clock, settle } = await started([
    newInternalError('broken'),
    newInternalError('broken'),
    newInternalError('broken'),
    listed('7'),
  ])
  await clock.advance(12_000)
  expect(source.watches).toHaveLength(1)
  await clock.advance(121_000)
  source.watch.send(failed(expired))
  await settle()
  await clock.advance(1600)
  expect(source.watches).toHaveLength(2)
})
