import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '@k1s/apimachinery'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consistently, createTestEnvironment, FakeClock } from '../src/index.ts'
import { ConfigMap, configMap, Item, item, itemDefinition } from './inventory.ts'

const Namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-environment-'))
  mkdirSync(join(directory, 'crds'))
  writeFileSync(join(directory, 'crds', 'items.yaml'), itemDefinition)
  writeFileSync(join(directory, 'crds', 'other.yaml'), JSON.stringify(configMap('no-definition')))
  writeFileSync(join(directory, 'item.json'), JSON.stringify(item('from-file')))
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('an environment', () => {
  test('is an API of its own', async () => {
    await using one = await createTestEnvironment()
    await using other = await createTestEnvironment()
    await one.client.create(configMap('a'))
    expect((await one.client.list(ConfigMap)).items).toHaveLength(1)
    expect((await other.client.list(ConfigMap)).items).toHaveLength(0)
  })

  test('serves kinds', async () => {
    await using env = await createTestEnvironment({ kinds: [Item], objects: item('a') })
    expect((await env.client.get(Item, { name: 'a' })).spec.quantity).toBe(1)
  })

  test.each([
    ['a text', () => itemDefinition],
    ['a file', () => join(directory, 'crds', 'items.yaml')],
    ['a directory, in which other objects are left alone', () => join(directory, 'crds')],
    ['a URL', () => pathToFileURL(join(directory, 'crds'))],
    ['a text in a list', () => [itemDefinition]],
  ])('has definitions of %s established when it is there', async (_, crds) => {
    await using env = await createTestEnvironment({ crds: crds() })
    await env.client.create(item('a'))
    const wrong = env.client.create(item('b', { spec: { category: 'c', quantity: -1 } }))
    await expect(wrong).rejects.toThrow('should be greater than or equal to 0')
    expect((await env.client.list(ConfigMap)).items).toEqual([])
  })

  test('begins with objects of all forms, with their status', async () => {
    const yaml = `{ apiVersion: v1, kind: List, items: [${JSON.stringify(configMap('in-list'))}] }
---
${JSON.stringify(configMap('in-text'))}`
    await using env = await createTestEnvironment({
      crds: itemDefinition,
      objects: [join(directory, 'item.json'), yaml, item('with-status', { status: { ready: true } })],
    })
    const { items } = await env.client.list(Item)
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['from-file', 'with-status'])
    expect(items[1]?.status).toEqual({ ready: true })
    const maps = await env.client.list(ConfigMap)
    expect(maps.items.map(({ metadata }) => metadata.name)).toEqual(['in-list', 'in-text'])
  })

  test.each([
    ['--- {apiVersion: v1}', 'error parsing objects[0]: invalid Yaml document separator: {apiVersion: v1}'],
    ['[{apiVersion: v1}]', 'objects[0]: it is no object'],
    ['apiVersion: v1', 'objects[0]: it is no object: apiVersion, kind and metadata are needed'],
    ['apiVersion: v1, kind: ConfigMap', 'error parsing objects[0]'],
  ])(
    'takes %j for a text, though it is one line, and says what is wrong with it',
    async (objects, message) => {
      await expect(createTestEnvironment({ objects })).rejects.toThrow(message)
    },
  )

  test('has no options but those that there are', async () => {
    const create = (options: object) => createTestEnvironment(options)
    await expect(create({ crd: [] })).rejects.toThrow(
      'createTestEnvironment: unknown field "crd", expected one of crds, kinds, objects, clock, tenant, namespace, user',
    )
    for (const clock of ['fak', null, {}]) {
      await expect(create({ clock })).rejects.toThrow(
        `createTestEnvironment: clock is "fake" or a Clock, not ${JSON.stringify(clock)}`,
      )
    }
    await using env = await createTestEnvironment()
    await expect(env.serve({ https: true } as object)).rejects.toThrow(
      'serve: unknown field "https", expected one of tls, user, writeKubeconfig',
    )
    await expect(env.eventually(() => {}, { timeot: '1s' } as object)).rejects.toThrow(
      'eventually: unknown field "timeot", expected one of timeout, interval, clock',
    )
    await expect(consistently(() => {}, { timeout: '1s' } as object)).rejects.toThrow(
      'consistently: unknown field "timeout", expected one of duration, interval, clock',
    )
  })

  test('creates objects in the order in which they need each other', async () => {
    const ownerReferences = [{ apiVersion: 'inventory.k1s.dev/v1', kind: 'Item', name: 'owner', uid: '' }]
    await using env = await createTestEnvironment({
      objects: [
        configMap('owned', { namespace: 'shop', ownerReferences }),
        item('owner', { metadata: { namespace: 'shop' } }),
        itemDefinition,
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      ],
    })
    const owned = await env.client.get(ConfigMap, { namespace: 'shop', name: 'owned' })
    const owner = await env.client.get(Item, { namespace: 'shop', name: 'owner' })
    expect(owned.metadata.ownerReferences?.[0]?.uid).toBe(owner.metadata.uid)
  })

  test('gives the default namespace what a test says of it', async () => {
    const labels = { team: 'a' }
    await using env = await createTestEnvironment({
      objects: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels } },
    })
    expect((await env.client.get(Namespace, { name: 'default' })).metadata.labels).toMatchObject(labels)
  })

  test('has its own namespace, user and tenant', async () => {
    await using env = await createTestEnvironment({
      tenant: 'acme',
      namespace: 'shop',
      user: 'alice',
      objects: configMap('given'),
    })
    const { metadata } = await env.client.get(ConfigMap, { name: 'given' })
    expect(metadata.namespace).toBe('shop')
    const [request] = env.requests
    expect(request).toMatchObject({ user: 'alice', tenant: 'acme', namespace: 'shop' })
    const bob = await env.clientFor('bob', { namespace: 'kube-system' })
    await bob.create(configMap('of-bob'))
    expect(env.requests.of({ user: 'bob' }).toString()).toBe('create configmaps kube-system/of-bob → 201')
  })

  test.each(['kube-system', 'kube-public', 'shop'])('may be in the namespace %s', async (namespace) => {
    await using env = await createTestEnvironment({ namespace })
    expect((await env.client.create(configMap('a'))).metadata.namespace).toBe(namespace)
    expect(await env.client.get(Namespace, { name: namespace })).toMatchObject({
      status: { phase: 'Active' },
    })
  })

  test.each([
    [
      'a field that its kind does not have',
      { crds: itemDefinition, objects: item('a', { specs: {} } as object) },
      'unknown field "specs"',
    ],
    [
      'a kind that is not served',
      { objects: item('a') },
      'no matches for kind "Item" in version "inventory.k1s.dev/v1"',
    ],
    [
      'a namespace that is not there',
      { objects: configMap('a', { namespace: 'gone' }) },
      'namespaces "gone" not found',
    ],
    [
      'an object that was deleted',
      { objects: configMap('a', { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
      'objects[0]: no object begins its life deleted',
    ],
    [
      'what is no object',
      { objects: ['a: 1\n'] },
      'objects[0]: it is no object: apiVersion, kind and metadata are needed',
    ],
    ['what is no YAML', { objects: ['a: 1\n b: [\n'] }, 'objects[0]'],
    [
      'what is no definition',
      { crds: configMap('a') },
      'crds[0]: a ConfigMap is no CustomResourceDefinition',
    ],
    ['a path that is not there', { crds: '/nowhere/at-all' }, '/nowhere/at-all'],
    ['a name twice', { objects: [configMap('a'), configMap('a')] }, '"objects[0]" and in "objects[1]"'],
  ])('does not begin with %s', async (_, options, message) => {
    await expect(createTestEnvironment(options)).rejects.toThrow(message)
  })

  test('that cannot be made tells who wanted it, however deep the reason is', async () => {
    const wantNothing = async () => await createTestEnvironment({ crds: 'crdz' })
    const error = await wantNothing().catch((caught: Error) => caught)
    expect(error).toHaveProperty(
      'stack',
      expect.stringMatching(/^Error: the path "crdz" does not exist\n.* wantNothing /s),
    )
  })

  test('tells all objects that the API refuses', async () => {
    const wrong = (name: string) => item(name, { spec: { category: 'c', quantity: -1 } })
    const created = createTestEnvironment({ crds: itemDefinition, objects: [wrong('a'), wrong('b')] })
    await expect(created).rejects.toThrow(/"a" is invalid.*\n.*"b" is invalid/)
  })

  test('has the time of the machine, or a clock of its own', async () => {
    await using real = await createTestEnvironment()
    expect(real.clock).toBe(systemClock)
    await using fake = await createTestEnvironment({ clock: 'fake' })
    await fake.clock.advance(1500)
    const { metadata } = await fake.client.create(configMap('a'))
    expect(metadata.creationTimestamp).toBe('2026-01-01T00:00:01Z')
    const clock = new FakeClock(0)
    await using given = await createTestEnvironment({ clock })
    expect(given.clock).toBe(clock)
  })

  test('lets Events expire when its clock is advanced', async () => {
    await using env = await createTestEnvironment({ clock: 'fake' })
    await env.client.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { namespace: 'default' },
    })
    const Event = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true }
    expect((await env.client.list(Event)).items).toHaveLength(1)
    await env.clock.advance(2 * 3_600_000)
    expect((await env.client.list(Event)).items).toHaveLength(0)
  })

  test('answers old resource versions with 410 once it was compacted', async () => {
    await using env = await createTestEnvironment({ objects: configMap('a') })
    const { metadata } = await env.client.list(ConfigMap)
    await env.client.create(configMap('b'))
    await env.client.create(configMap('c'))
    await env.compact()
    const watch = env.client.watch(ConfigMap, { resourceVersion: metadata.resourceVersion! })
    for await (const event of watch) {
      expect(event).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
      break
    }
    expect((await env.client.list(ConfigMap)).items).toHaveLength(3)
  })

  test('ends watches when it is closed, and can be closed twice', async () => {
    const env = await createTestEnvironment()
    const events = env.client.watch(ConfigMap)[Symbol.asyncIterator]()
    const next = events.next()
    await env.eventually(() => expect(env.requests.at(0)?.code).toBe(200))
    await Promise.all([env.close(), env.close()])
    expect(await next).toMatchObject({ done: true })
    await expect(env.client.list(ConfigMap)).rejects.toThrow()
  })
})
