import { isConflict, isInternalError, type KubernetesObject, newInternalError } from '@k1s/apimachinery'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { mergePatch } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createTestEnvironment,
  type FailOptions,
  type FakeClock,
  type LatencyOptions,
  type TestEnvironment,
} from '../src/index.ts'
import { ConfigMap, configMap, Item, item, itemDefinition } from './inventory.ts'

let env: TestEnvironment<FakeClock>
beforeEach(async () => {
  env = await createTestEnvironment({ kinds: [Item], objects: [item('a'), item('b')], clock: 'fake' })
})
afterEach(() => env.close())

const get = (name: string) => env.client.get(Item, { name })

describe('a conflict', () => {
  test('is what updates and patches get, as often as it was asked for, in the words of the API', async () => {
    const fault = env.faults.conflict({ resource: 'items.inventory.k1s.dev', times: 2 })
    const a = await get('a')
    const error = await env.client.update(a).catch((caught) => caught)
    expect(isConflict(error)).toBe(true)
    expect(error.message).toBe(
      'Operation cannot be fulfilled on items.inventory.k1s.dev "a": the object has been modified; please apply your changes to the latest version and try again',
    )
    await expect(env.client.patch(a, mergePatch({ spec: { quantity: 2 } }))).rejects.toSatisfy(isConflict)
    expect((await env.client.update({ ...a, spec: { ...a.spec, quantity: 3 } })).spec.quantity).toBe(3)
    expect(fault.hits).toBe(2)
  })

  test('is for the requests that were meant', async () => {
    env.faults.conflict({ verb: 'update', resource: Item, name: 'a' })
    const [a, b] = await Promise.all([get('a'), get('b')])
    await expect(env.client.update(a)).rejects.toSatisfy(isConflict)
    await env.client.update(b)
    await env.client.status.update(a)
    await env.client.patch(a, mergePatch({ spec: { quantity: 2 } }))
  })

  test('of a subresource is no conflict of the resource, unless all of it was meant', async () => {
    const a = await get('a')
    const fault = env.faults.conflict({ resource: 'items.inventory.k1s.dev/status' })
    await env.client.update(a)
    await expect(env.client.status.update(a)).rejects.toSatisfy(isConflict)
    fault.remove()
    await env.client.status.update(a)
    env.faults.conflict({ resource: 'items.inventory.k1s.dev/*' })
    await expect(env.client.update(a)).rejects.toSatisfy(isConflict)
    await expect(env.client.status.update(a)).rejects.toSatisfy(isConflict)
    env.faults.clear()
    await env.client.update(a)
  })
})

describe('a failure', () => {
  test('is the error that was given, or made of the request', async () => {
    env.faults.fail({ verb: 'get', name: 'a', error: newInternalError('disk full'), times: 1 })
    env.faults.fail({ verb: 'get', name: 'b', error: ({ resource }) => new TypeError(`lost ${resource}`) })
    await expect(get('a')).rejects.toSatisfy(isInternalError)
    await get('a')
    await expect(get('b')).rejects.toThrow(new TypeError('lost items'))
  })

  test('may lose the answer to what was done', async () => {
    env.faults.fail({ verb: 'create', name: 'c', error: new Error('socket hang up'), afterwards: true })
    await expect(env.client.create(configMap('c'))).rejects.toThrow('socket hang up')
    expect((await env.client.get(ConfigMap, { name: 'c' })).metadata.name).toBe('c')
  })

  test('of a watch comes before its first event', async () => {
    env.faults.fail({ verb: 'watch', error: newInternalError('no'), times: 1 })
    const first = () => env.client.watch(Item)[Symbol.asyncIterator]().next()
    await expect(first()).rejects.toSatisfy(isInternalError)
    expect((await first()).done).toBe(false)
  })

  test('may be of one user, or of changes', async () => {
    const { metadata } = await env.client.list(Item)
    env.faults.fail({ user: 'bob', error: new Error('not you') })
    env.faults.fail({ verb: 'changes', error: new Error('no changes') })
    const bob = await env.clientFor('bob')
    await expect(bob.list(Item)).rejects.toThrow('not you')
    await env.client.list(Item)
    const changes = env.client.changes(Item, { resourceVersion: metadata.resourceVersion! })
    await expect(changes).rejects.toThrow('no changes')
  })

  test('needs an error', async () => {
    const fail = (options: object) => () => env.faults.fail(options as FailOptions)
    const message = 'faults.fail: error is an Error, or a function that makes one of the request, not '
    expect(fail({})).toThrow(new TypeError(`${message}undefined`))
    expect(fail({ error: 'disk full' })).toThrow(new TypeError(`${message}disk full`))
    fail({ error: () => undefined })()
    await expect(get('a')).rejects.toThrow(new TypeError(`${message}undefined`))
  })

  test('has no options but those that there are', () => {
    const { faults, requests } = env
    const match = 'verb, resource, namespace, name, user'
    const given = { resouce: 'items' } as object
    for (const [place, call, known] of [
      ['faults.conflict', () => faults.conflict(given), `${match}, times`],
      ['faults.fail', () => faults.fail(given as FailOptions), `${match}, times, error, afterwards`],
      ['faults.latency', () => faults.latency(given as LatencyOptions), `${match}, times, delay`],
      ['faults.dropWatches', () => faults.dropWatches(given), 'resource, namespace, user, expired'],
      ['requests.of', () => requests.of(given), match],
    ] as const) {
      expect(call).toThrow(new TypeError(`${place}: unknown field "resouce", expected one of ${known}`))
    }
  })

  test('needs a number of times that is one', () => {
    expect(() => env.faults.conflict({ times: 0 })).toThrow(RangeError)
    expect(() => env.faults.latency({ delay: Number.NaN })).toThrow(RangeError)
  })
})

describe('a latency', () => {
  const pending = async (promise: Promise<unknown>) => {
    let isPending = true
    const done = () => {
      isPending = false
    }
    promise.then(done, done)
    await env.clock.advance(0)
    return isPending
  }

  test('makes requests wait until the clock of the environment was advanced', async () => {
    const fault = env.faults.latency({ resource: Item, delay: '500ms' })
    const a = get('a')
    expect(await pending(a)).toBe(true)
    await env.clock.advance(499)
    expect(await pending(a)).toBe(true)
    await env.clock.advance(1)
    expect((await a).metadata.name).toBe('a')
    expect(env.requests.at(-1)?.duration).toBe(500)
    expect(fault.hits).toBe(1)
  })

  test('adds to another one, and ends with the signal of the request', async () => {
    env.faults.latency({ delay: 100 })
    env.faults.latency({ delay: 50, verb: 'get' })
    const controller = new AbortController()
    const aborted = env.client.get(Item, { name: 'a' }, { signal: controller.signal })
    const a = get('a')
    await env.clock.advance(149)
    expect(await pending(a)).toBe(true)
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await env.clock.advance(1)
    await a
    expect(env.clock.pendingTimers).toBe(0)
  })

  test('ends when faults are cleared, and when the environment is closed', async () => {
    env.faults.latency({ delay: 1e9 })
    const a = get('a')
    await env.clock.advance(0)
    env.faults.clear()
    await a
    env.faults.latency({ delay: 1e9 })
    const late = get('a').catch((error) => error)
    await env.clock.advance(0)
    await env.close()
    await late
    expect(env.clock.pendingTimers).toBe(0)
  })

  test('does not keep what waits within eventually from ending', async () => {
    env.faults.latency({ delay: 3000 })
    expect((await env.eventually(() => get('a'))).metadata.name).toBe('a')
  })
})

describe('a dropped watch', () => {
  const begin = async (kind: typeof Item | typeof ConfigMap = Item) => {
    const events = env.client.watch(kind as typeof Item, { resourceVersion: '0' })[Symbol.asyncIterator]()
    for (let count = 0; count < (kind === Item ? 2 : 0); count++) await events.next()
    return events
  }

  test('just ends, and others go on', async () => {
    const [items, maps] = [await begin(), await begin(ConfigMap)]
    const [lost, kept] = [items.next(), maps.next()]
    await env.clock.advance(0)
    const fault = env.faults.dropWatches({ resource: Item })
    expect(fault.hits).toBe(1)
    expect(await lost).toEqual({ done: true, value: undefined })
    await env.client.create(configMap('new'))
    expect((await kept).value).toMatchObject({ type: 'ADDED' })
    const again = await begin()
    await again.return?.()
  })

  test('is dropped once, also before its reader has seen it', async () => {
    await begin()
    expect(env.faults.dropWatches().hits).toBe(1)
    expect(env.faults.dropWatches().hits).toBe(0)
  })

  test('ends with 410 if it is to be expired', async () => {
    const events = await begin()
    await env.client.create(item('unseen'))
    env.faults.dropWatches({ expired: true })
    expect((await events.next()).value).toMatchObject({
      type: 'ERROR',
      object: { code: 410, reason: 'Expired', message: 'too old resource version' },
    })
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(env.faults.dropWatches().hits).toBe(0)
  })

  test('is left when its reader leaves', async () => {
    const events = await begin()
    const next = events.next()
    await events.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(env.faults.dropWatches().hits).toBe(0)
  })
})

describe('a fault or record of what no request can be', () => {
  const none = (name: string) =>
    `no resource is called "${name}"; there are: configmaps, customresourcedefinitions`

  test('is an error that shows which resources, subresources and verbs there are', () => {
    const wrong = { resource: 'item.inventory.k1s.dev' }
    const message = none('item.inventory.k1s.dev')
    expect(() => env.faults.conflict(wrong)).toThrow(message)
    expect(() => env.faults.fail({ ...wrong, error: new Error('x') })).toThrow(message)
    expect(() => env.faults.latency({ ...wrong, delay: 1 })).toThrow(message)
    expect(() => env.faults.dropWatches(wrong)).toThrow(message)
    expect(() => env.requests.of(wrong)).toThrow(message)
    expect(() => env.requests.of({}).of({ resource: 'items' })).toThrow(
      'events, events.events.k8s.io, items.inv',
    )
    expect(() => env.faults.conflict({ resource: 'items.inventory.k1s.dev/state' })).toThrow(
      'no subresource is called "items.inventory.k1s.dev/state"; there are: items.inventory.k1s.dev/status, items.inventory.k1s.dev/*',
    )
    expect(() => env.faults.conflict({ verb: ['get', 'updat' as 'update'] })).toThrow(
      'no verb is called "updat"; there are: get, list, watch, changes, create, update, patch, delete, deletecollection',
    )
  })

  test('is none once its kind has come, and none if it is named by its kind', async () => {
    await using env = await createTestEnvironment()
    expect(() => env.requests.of({ resource: 'items.inventory.k1s.dev' })).toThrow(RangeError)
    env.faults.conflict({ resource: Item }).remove()
    env.runtime.registerAPI(Item)
    env.faults.conflict({ resource: 'items.inventory.k1s.dev/status' }).remove()
  })

  test('is none once a definition of its kind was created, by whomever', async () => {
    await using env = await createTestEnvironment()
    const other = await env.clientFor('bob', { tenant: 'other' })
    await other.create(decodeYaml(itemDefinition)[0]!.value as KubernetesObject)
    env.faults.conflict({ resource: 'items.inventory.k1s.dev/status' })
  })
})

test('faults and records are about what comes after the environment was set up', async () => {
  expect(env.requests.length).toBe(0)
  await env.client.list(Item)
  expect(env.requests.length).toBe(1)
})
