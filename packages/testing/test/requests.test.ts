import { newInternalError } from '@k1s/apimachinery'
import { mergePatch } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestEnvironment, type FakeClock, type TestEnvironment } from '../src/index.ts'
import { ConfigMap, configMap, Item, item } from './inventory.ts'

const Namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }

let env: TestEnvironment<FakeClock>
beforeEach(async () => {
  env = await createTestEnvironment({ kinds: [Item], objects: item('laptop'), clock: 'fake' })
})
afterEach(() => env.close())

describe('the recorder', () => {
  test('has a line for every request, with what came of it', async () => {
    const laptop = await env.client.get(Item, { name: 'laptop' })
    const first = await env.client.status.update({ ...laptop, status: { ready: true } })
    await env.client.status.update({ ...laptop, status: { ready: false } }).catch(() => {})
    await env.client.patch(first, mergePatch({ spec: { quantity: 2 } }), { dryRun: true })
    await env.client.apply(configMap('applied'), { fieldManager: 'test' })
    await env.client.create({ ...configMap('x'), metadata: { generateName: 'plan-' } })
    await env.client.list(ConfigMap)
    await env.client.list(ConfigMap, { namespace: 'default' })
    await env.client.get(Namespace, { name: 'gone' }).catch(() => {})
    await env.client.deleteCollection(ConfigMap)
    await env.client.delete(first)
    expect(`${env.requests}`).toBe(
      [
        'get items.inventory.k1s.dev default/laptop → 200',
        'update items.inventory.k1s.dev/status default/laptop → 200',
        'update items.inventory.k1s.dev/status default/laptop → 409 Conflict',
        'patch items.inventory.k1s.dev default/laptop (dry run) → 200',
        'patch configmaps default/applied → 201',
        'create configmaps default/plan-* → 201',
        'list configmaps → 200',
        'list configmaps default/* → 200',
        'get namespaces gone → 404 NotFound',
        'deletecollection configmaps default/* → 200',
        'delete items.inventory.k1s.dev default/laptop → 200',
      ].join('\n'),
    )
  })

  test('knows all of a request, as it was when it was made', async () => {
    const body = configMap('a')
    await env.client.create(body, { fieldManager: 'test', fieldValidation: 'Strict' })
    body.metadata.name = 'changed'
    expect(env.requests.at(0)).toMatchObject({
      verb: 'create',
      user: 'system:admin',
      tenant: 'default',
      group: '',
      version: 'v1',
      resource: 'configmaps',
      namespace: 'default',
      name: 'a',
      options: { fieldManager: 'test', fieldValidation: 'Strict' },
      body: { metadata: { name: 'a' } },
      time: env.clock.now(),
      duration: 0,
      code: 201,
    })
  })

  test('is asked for requests by verb, resource, name and user', async () => {
    const laptop = await env.client.get(Item, { name: 'laptop' })
    await env.client.status.update(laptop)
    await env.client.create(configMap('a'))
    await (await env.clientFor('bob')).create(configMap('b'))
    const { requests } = env
    const count = (match: Parameters<typeof requests.of>[0]) => requests.of(match).length
    expect(count({ resource: Item })).toBe(1)
    expect(count({ resource: 'items.inventory.k1s.dev/*' })).toBe(2)
    expect(count({ resource: 'events' })).toBe(0)
    expect(count({ verb: ['create', 'update'] })).toBe(3)
    expect(count({ verb: 'create', user: 'bob' })).toBe(1)
    expect(requests.of({ verb: 'create', namespace: 'default' }).of({ name: 'a' }).length).toBe(1)
    expect([...requests].map(({ verb }) => verb)).toEqual(['get', 'update', 'create', 'create'])
    requests.clear()
    expect(`${requests}`).toBe('')
  })

  test('is asked for a resource that the API does not have, if somebody asked the API for it', async () => {
    const routes = { resource: 'routes.route.openshift.io' }
    expect(() => env.requests.of(routes)).toThrow(
      'no resource is called "routes.route.openshift.io"; there are: ',
    )
    const Route = {
      group: 'route.openshift.io',
      version: 'v1',
      kind: 'Route',
      plural: 'routes',
      namespaced: true,
    }
    await env.client.list(Route).catch(() => {})
    expect(`${env.requests.of(routes)}`).toBe('list routes.route.openshift.io → 404 NotFound')
  })

  test('has a watch from its first event on, and its duration when it ended', async () => {
    const events = env.client.watch(Item)[Symbol.asyncIterator]()
    expect(env.requests.length).toBe(0)
    await events.next()
    const [watch] = env.requests
    expect(watch).toMatchObject({ verb: 'watch', code: 200 })
    expect(watch?.duration).toBeUndefined()
    await env.clock.advance(2000)
    await events.return?.()
    expect(watch?.duration).toBe(2000)
    expect(String(watch)).toBe('watch items.inventory.k1s.dev → 200')
  })

  test('has why a watch was aborted that was not open yet, and nothing of that for one that was', async () => {
    const controller = new AbortController()
    const open = env.client.watch(Item, { signal: controller.signal })[Symbol.asyncIterator]()
    await open.next()
    const opening = env.client.watch(Item, { signal: controller.signal })[Symbol.asyncIterator]().next()
    controller.abort(new Error('enough'))
    await Promise.allSettled([open.next(), opening])
    const late = env.client.watch(Item, { signal: controller.signal })[Symbol.asyncIterator]()
    await Promise.allSettled([late.next()])
    expect(`${env.requests}`).toBe(
      [
        'watch items.inventory.k1s.dev → 200',
        'watch items.inventory.k1s.dev → enough',
        'watch items.inventory.k1s.dev → enough',
      ].join('\n'),
    )
  })

  test('has faults, requests without an answer, and changes', async () => {
    const { metadata } = await env.client.list(Item)
    env.requests.clear()
    env.faults.fail({ verb: 'get', error: newInternalError('disk full'), times: 1 })
    env.faults.fail({ verb: 'delete', error: new Error('socket hang up') })
    const laptop = { name: 'laptop' }
    await env.client.get(Item, laptop).catch(() => {})
    await env.client.delete(Item, laptop).catch(() => {})
    await env.client.changes(Item, { resourceVersion: metadata.resourceVersion! })
    env.faults.latency({ delay: 10 })
    const late = env.client.get(Item, laptop)
    await env.clock.advance(0)
    expect(`${env.requests}`).toBe(
      [
        'get items.inventory.k1s.dev default/laptop → 500 InternalError',
        'delete items.inventory.k1s.dev default/laptop → socket hang up',
        'changes items.inventory.k1s.dev → 200',
        'get items.inventory.k1s.dev default/laptop → no answer yet',
      ].join('\n'),
    )
    env.faults.clear()
    await late
  })
})
