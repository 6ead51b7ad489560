import { createRuntime, mergePatch } from '@k1s/core'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import {
  type CustomResourceDefinition,
  CustomResourceDefinitions,
  configMap,
  type Item,
  Items,
  item,
  itemDefinition,
  itemSchema,
} from './kinds.ts'

const name = 'items.inventory.example.com'
const hold = 'example.com/hold'

onEachStore((opened) => {
  const warningsOf = async (write: (onWarning: (text: string) => void) => Promise<unknown>) => {
    const warnings: string[] = []
    await write((text) => warnings.push(text))
    return warnings
  }
  const getDefinition = () => opened.client.get<CustomResourceDefinition>(CustomResourceDefinitions, { name })

  test('a kind is usable the moment its definition is stored', async () => {
    expect(await failure(opened.client.create(item('a')))).toMatchObject({
      code: 404,
      message: expect.stringContaining('no matches for kind'),
    })
    const created = await opened.client.create(itemDefinition())
    await opened.client.create(item('a'))
    expect((await opened.client.list(Items)).items).toHaveLength(1)
    expect(created.status?.conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ])
    expect(created.status?.acceptedNames).toEqual({
      kind: 'Item',
      listKind: 'ItemList',
      plural: 'items',
      singular: 'item',
    })
    expect(created.status?.storedVersions).toEqual(['v1'])
    expect(created.metadata.generation).toBe(1)
    expect(created.spec.conversion).toEqual({ strategy: 'None' })
  })

  test('another runtime on the store knows it at once', async () => {
    const store = new MvccStore(new MemoryEngine())
    const here = await createRuntime({ storage: store })
    const there = await createRuntime({ storage: store })
    expect(await failure(there.client.list(Items))).toMatchObject({ code: 404 })
    await here.client.create(itemDefinition())
    await there.client.create(item('a'))
    expect((await here.client.list(Items)).items).toHaveLength(1)
    await here.client.delete(CustomResourceDefinitions, { name })
    expect(await failure(there.client.list(Items))).toMatchObject({
      code: 404,
      message: 'the server could not find the requested resource',
    })
    await store.close()
  })

  test('a definition is validated', async () => {
    const wrong = itemDefinition()
    wrong.metadata.name = 'wrong.example.com'
    expect(await failure(opened.client.create(wrong))).toMatchObject({ code: 422, reason: 'Invalid' })
    const schemaless = itemDefinition()
    delete schemaless.spec.versions[0]!.schema
    expect((await failure(opened.client.create(schemaless))).message).toContain(
      'spec.versions[0].schema.openAPIV3Schema: Required value',
    )
  })

  test('names that another definition of the group has are not accepted, and the kind is not served', async () => {
    await opened.client.create(itemDefinition({}, { shortNames: ['it'] }))
    const conflicting = itemDefinition(
      {},
      { plural: 'things', singular: 'thing', kind: 'Item', shortNames: ['it'] },
    )
    const created = await opened.client.create(conflicting)
    expect(created.status?.conditions).toMatchObject([
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: expect.stringMatching(/Conflict$/),
        message: expect.stringContaining('is already in use'),
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ])
    expect(await failure(opened.client.list({ ...Items, plural: 'things' }))).toMatchObject({ code: 404 })
  })

  test('a definition whose names become free is accepted and served', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(itemDefinition({}, { plural: 'things', singular: 'thing', kind: 'Item' }))
    await opened.client.delete(CustomResourceDefinitions, { name })
    expect((await opened.client.list({ ...Items, plural: 'things' })).items).toEqual([])
    const waiting = await opened.client.get<CustomResourceDefinition>(CustomResourceDefinitions, {
      name: 'things.inventory.example.com',
    })
    expect(waiting.status?.conditions.map(({ status }) => status)).toEqual(['True', 'True'])
  })

  test('a definition cannot take the place of a built-in kind', async () => {
    const core = itemDefinition({}, { kind: 'Event', plural: 'events' })
    core.spec.group = 'events.k8s.io'
    core.metadata.name = 'events.events.k8s.io'
    core.metadata.annotations = { 'api-approved.kubernetes.io': 'unapproved, a test' }
    await opened.client.create(core)
    expect(
      (await opened.client.list({ ...Items, group: 'events.k8s.io', kind: 'Event', plural: 'events' })).kind,
    ).toBe('EventList')
    await opened.client.delete(CustomResourceDefinitions, { name: 'events.events.k8s.io' })
  })

  describe('versions with conversion None', () => {
    const twoVersions = () => {
      const definition = itemDefinition()
      definition.spec.versions.push({
        name: 'v2',
        served: true,
        storage: false,
        schema: { openAPIV3Schema: itemSchema },
      })
      return definition
    }
    const ItemsV2 = { ...Items, version: 'v2' }

    test('differ in apiVersion only', async () => {
      await opened.client.create(twoVersions())
      await opened.client.create(item('a', { spec: { quantity: 1 } }))
      const other = await opened.client.get(ItemsV2, { name: 'a' })
      expect(other).toMatchObject({ apiVersion: 'inventory.example.com/v2', spec: { quantity: 1 } })
      await opened.client.update({ ...other, spec: { quantity: 2 } })
      expect(await opened.client.get(Items, { name: 'a' })).toMatchObject({
        apiVersion: 'inventory.example.com/v1',
        spec: { quantity: 2 },
        metadata: { generation: 2 },
      })
      const list = await opened.client.list(ItemsV2)
      expect([list.apiVersion, list.items[0]?.apiVersion]).toEqual([
        'inventory.example.com/v2',
        'inventory.example.com/v2',
      ])
    })

    test('an update through the other version that changes nothing writes nothing', async () => {
      await opened.client.create(twoVersions())
      await opened.client.create(item('a'))
      const other = await opened.client.get(ItemsV2, { name: 'a' })
      expect((await opened.client.update(other)).metadata.resourceVersion).toBe(
        other.metadata.resourceVersion,
      )
    })

    test('an object made through the other version has the defaults of the stored one', async () => {
      const definition = twoVersions()
      definition.spec.versions[1]!.schema = {
        openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } },
      }
      await opened.client.create(definition)
      const made: Item = { ...item('a', { spec: {} }), apiVersion: 'inventory.example.com/v2' }
      expect((await opened.client.create(made)).spec).toEqual({})
      expect((await opened.client.get(Items, { name: 'a' })).spec).toEqual({ color: 'grey' })
      expect((await opened.client.list(Items)).items[0]?.spec).toEqual({ color: 'grey' })
    })

    test('are watched in the version that was asked for', async () => {
      await opened.client.create(twoVersions())
      await opened.client.create(item('a'))
      for await (const { object } of opened.client.watch(ItemsV2)) {
        expect(object.apiVersion).toBe('inventory.example.com/v2')
        break
      }
    })

    test('a body of another version than the request is refused', async () => {
      await opened.client.create(twoVersions())
      const create = opened.request({
        verb: 'create',
        group: 'inventory.example.com',
        version: 'v2',
        resource: 'items',
        namespace: 'default',
        body: item('a'),
      })
      expect((await failure(create)).message).toBe(
        'the API version in the data (inventory.example.com/v1) does not match the expected API version (inventory.example.com/v2)',
      )
    })

    test('that are not served are not there', async () => {
      const definition = twoVersions()
      definition.spec.versions[1]!.served = false
      await opened.client.create(definition)
      expect(await failure(opened.client.list(ItemsV2))).toMatchObject({ code: 404 })
    })

    test('the stored version can change, and old objects are still read', async () => {
      await opened.client.create(twoVersions())
      await opened.client.create(item('a'))
      const definition = await getDefinition()
      definition.spec.versions[0]!.storage = false
      definition.spec.versions[1]!.storage = true
      const updated = await opened.client.update(definition)
      expect(updated.status?.storedVersions).toEqual(['v1', 'v2'])
      expect(await opened.client.get(Items, { name: 'a' })).toMatchObject({
        apiVersion: 'inventory.example.com/v1',
      })
      await opened.client.create(item('b'))
      expect((await opened.client.list(Items)).items.map(({ apiVersion }) => apiVersion)).toEqual([
        'inventory.example.com/v1',
        'inventory.example.com/v1',
      ])
    })

    test('a deprecated one warns with every request', async () => {
      const definition = twoVersions()
      Object.assign(definition.spec.versions[0]!, { deprecated: true })
      Object.assign(definition.spec.versions[1]!, { deprecated: true, deprecationWarning: 'use v3' })
      await opened.client.create(definition)
      expect(await warningsOf((onWarning) => opened.client.list(Items, { onWarning }))).toEqual([
        'inventory.example.com/v1 Item is deprecated',
      ])
      expect(await warningsOf((onWarning) => opened.client.list(ItemsV2, { onWarning }))).toEqual(['use v3'])
      expect(await warningsOf((onWarning) => opened.client.create(item('a'), { onWarning }))).toEqual([
        'inventory.example.com/v1 Item is deprecated',
      ])
      const first = async (onWarning: (text: string) => void) => {
        for await (const { type } of opened.client.watch(ItemsV2, { onWarning })) return type
        return undefined
      }
      expect(await warningsOf(first)).toEqual(['use v3'])
    })
  })

  describe('a changed schema', () => {
    const change = async (properties: object) => {
      const definition = await getDefinition()
      const schema = structuredClone(itemSchema) as { properties: { spec: { properties: object } } }
      Object.assign(schema.properties.spec.properties, properties)
      definition.spec.versions[0]!.schema = { openAPIV3Schema: schema }
      return opened.client.update(definition)
    }

    test('gives its new defaults to what is read, listed and watched', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a', { spec: {} }))
      const definition = await change({ size: { type: 'string', default: 'small' } })
      expect(definition.metadata.generation).toBe(2)
      const expected = { spec: { color: 'grey', size: 'small' } }
      expect(await opened.client.get(Items, { name: 'a' })).toMatchObject(expected)
      expect((await opened.client.list(Items)).items[0]).toMatchObject(expected)
      for await (const { object } of opened.client.watch(Items)) {
        expect(object).toMatchObject(expected)
        break
      }
    })

    test('is enforced from then on, and lets alone what did not change', async () => {
      await opened.client.create(itemDefinition())
      const created = await opened.client.create(item('a', { spec: { quantity: 50 } }))
      await change({ quantity: { type: 'integer', maximum: 10 } })
      expect(await failure(opened.client.create(item('b', { spec: { quantity: 50 } })))).toMatchObject({
        code: 422,
      })
      const labelled = await opened.client.patch(created, mergePatch({ metadata: { labels: { a: 'b' } } }))
      expect(labelled.spec?.quantity).toBe(50)
    })
  })

  describe('the deletion of a definition', () => {
    test('takes its objects along', async () => {
      await opened.client.create(itemDefinition())
      for (let index = 0; index < 20; index++) await opened.client.create(item(`i${index}`))
      expect(await opened.client.delete(CustomResourceDefinitions, { name })).toBeUndefined()
      expect(await failure(opened.client.list(Items))).toMatchObject({ code: 404 })
      await opened.client.create(itemDefinition())
      expect((await opened.client.list(Items)).items).toEqual([])
    })

    test('waits for finalizers; until then nothing new is created', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a', { metadata: { name: 'a', finalizers: [hold] } }))
      const held = await opened.client.delete(CustomResourceDefinitions, { name })
      expect(held?.metadata).toMatchObject({
        deletionTimestamp: expect.any(String),
        finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
      })
      expect(await failure(opened.client.create(item('b')))).toMatchObject({
        code: 403,
        message: expect.stringContaining(
          'create not allowed while custom resource definition is terminating',
        ),
      })
      await opened.client.patch(item('a'), mergePatch({ metadata: { finalizers: null } }))
      expect(await failure(getDefinition())).toMatchObject({ code: 404 })
    })

    test('as a dry run deletes nothing', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a'))
      await opened.client.delete(CustomResourceDefinitions, { name }, { dryRun: true })
      expect((await opened.client.list(Items)).items).toHaveLength(1)
    })

    test('lets objects of other kinds that they own go', async () => {
      await opened.client.create(itemDefinition())
      const owner = await opened.client.create(item('a'))
      const ownerReferences = [
        { apiVersion: owner.apiVersion, kind: 'Item', name: 'a', uid: owner.metadata.uid! },
      ]
      await opened.client.create(configMap('x', { metadata: { name: 'x', ownerReferences } }))
      await opened.client.delete(CustomResourceDefinitions, { name })
      const { body } = await opened.request({ verb: 'list', resource: 'configmaps' })
      expect(body).toMatchObject({ items: [] })
    })
  })

  test('dryRun of a definition serves nothing', async () => {
    const preview = await opened.client.create(itemDefinition(), { dryRun: true })
    expect(preview.status?.conditions).toHaveLength(2)
    expect(await failure(opened.client.list(Items))).toMatchObject({ code: 404 })
  })

  test('a cluster-scoped kind has no namespace', async () => {
    const definition = itemDefinition()
    definition.spec.scope = 'Cluster'
    await opened.client.create(definition)
    const created = await opened.client.create(item('a'))
    expect(created.metadata).not.toHaveProperty('namespace')
    const kind = { ...Items, namespaced: false }
    expect(await opened.client.get(kind, { name: 'a' })).toEqual(created)
    const inNamespace = opened.request({
      verb: 'get',
      group: Items.group,
      resource: 'items',
      namespace: 'default',
      name: 'a',
    })
    expect(await failure(inNamespace)).toMatchObject({ code: 404 })
  })

  test('an update of a definition needs its resourceVersion', async () => {
    const created = await opened.client.create(itemDefinition())
    expect((await failure(opened.client.update(itemDefinition()))).message).toBe(
      'customresourcedefinitions.apiextensions.k8s.io "items.inventory.example.com" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
    expect(await opened.client.update(created)).toEqual(created)
  })

  test('fields of a definition that cannot change are told', async () => {
    const definition = await opened.client.create(itemDefinition())
    definition.spec.scope = 'Cluster'
    expect((await failure(opened.client.update(definition))).message).toContain(
      'spec.scope: Invalid value: "Cluster": field is immutable',
    )
  })
})
