import type { Unstructured } from '@k1s/apimachinery'
import { mergePatch, type Table } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces } from './kinds.ts'

onEachStore((opened) => {
  const setUp = async () => {
    await opened.client.create(itemDefinition())
    return opened.client.create(item('a', { spec: { quantity: 3 } }))
  }

  describe('status', () => {
    test('an update changes only the status, and no generation', async () => {
      const created = await setUp()
      const updated = await opened.client.status.update({
        ...created,
        metadata: { ...created.metadata, labels: { x: 'y' } },
        spec: { quantity: 99 },
        status: { phase: 'Ready' },
      })
      expect(updated.status).toEqual({ phase: 'Ready' })
      expect(updated.spec).toEqual(created.spec)
      expect(updated.metadata.labels).toBeUndefined()
      expect(updated.metadata.generation).toBe(1)
      expect(await opened.client.get(Items, { name: 'a' })).toEqual(updated)
    })

    test('is read as the whole object', async () => {
      const created = await setUp()
      expect(await opened.client.status.get(Items, { name: 'a' })).toEqual(created)
    })

    test('an older resourceVersion conflicts', async () => {
      const created = await setUp()
      await opened.client.status.update({ ...created, status: { phase: 'Ready' } })
      expect(await failure(opened.client.status.update({ ...created, status: {} }))).toMatchObject({
        code: 409,
      })
    })

    test('is validated by the schema', async () => {
      const created = await setUp()
      const status = { phase: 5 as unknown as string }
      expect(await failure(opened.client.status.update({ ...created, status }))).toMatchObject({ code: 422 })
    })

    test('a patch changes only the status', async () => {
      const created = await setUp()
      const patched = await opened.client.status.patch(
        created,
        mergePatch({ spec: { quantity: 8 }, status: { phase: 'x' } }),
      )
      expect([patched.spec, patched.status]).toEqual([created.spec, { phase: 'x' }])
    })

    test('stays when the object is updated', async () => {
      const created = await setUp()
      const ready = await opened.client.status.update({ ...created, status: { phase: 'Ready' } })
      const updated = await opened.client.update({
        ...ready,
        spec: { quantity: 1 },
        status: { phase: 'Lost' },
      })
      expect(updated.status).toEqual({ phase: 'Ready' })
    })

    test('is not there where the kind has none', async () => {
      await opened.client.create(configMap('a'))
      expect(await failure(opened.client.status.get(ConfigMaps, { name: 'a' }))).toMatchObject({
        code: 404,
        message: 'the server could not find the requested resource',
      })
    })

    test('of a namespace is written by itself', async () => {
      const current = await opened.client.get(Namespaces, { name: 'default' })
      const status = {
        phase: 'Active',
        conditions: [{ type: 'x', status: 'True', reason: 'r', message: 'm' }],
      }
      expect((await opened.client.status.update({ ...current, status })).status).toMatchObject(status)
    })

    test('of a namespace says Active until it is deleted', async () => {
      const current = await opened.client.get(Namespaces, { name: 'default' })
      expect(
        (await failure(opened.client.status.update({ ...current, status: { phase: 'Terminating' } })))
          .message,
      ).toBe(
        'Namespace "default" is invalid: status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
      )
    })

    test('as a dry run stores nothing', async () => {
      const created = await setUp()
      const update = { ...created, status: { phase: 'Ready' } }
      expect((await opened.client.status.update(update, { dryRun: true })).status).toEqual({ phase: 'Ready' })
      expect(await opened.client.get(Items, { name: 'a' })).toEqual(created)
    })

    test('cannot be created or deleted', async () => {
      await setUp()
      const place = {
        group: 'inventory.example.com',
        resource: 'items',
        namespace: 'default',
        name: 'a',
        subresource: 'status',
      }
      expect(await failure(opened.request({ ...place, verb: 'delete' }))).toMatchObject({ code: 405 })
      expect(await failure(opened.request({ ...place, verb: 'create', body: item('a') }))).toMatchObject({
        code: 405,
      })
    })
  })

  describe('scale', () => {
    const scale = () => opened.client.subresource('scale')
    const read = () => scale().get<Unstructured & { spec: object; status: object }>(Items, { name: 'a' })

    test('shows replicas by the paths of the definition', async () => {
      const created = await setUp()
      await opened.client.status.update({ ...created, status: { quantity: 2, selector: 'app=a' } })
      const { uid, creationTimestamp } = created.metadata
      expect(await read()).toEqual({
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: {
          name: 'a',
          namespace: 'default',
          uid,
          creationTimestamp,
          resourceVersion: expect.any(String),
        },
        spec: { replicas: 3 },
        status: { replicas: 2, selector: 'app=a' },
      })
    })

    test('is a table with the columns of a Scale', async () => {
      await setUp()
      const { body } = await opened.request({
        verb: 'get',
        group: 'inventory.example.com',
        resource: 'items',
        namespace: 'default',
        name: 'a',
        subresource: 'scale',
        options: { as: 'Table', includeObject: 'Object' },
      })
      const { columnDefinitions, rows } = body as Table
      expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Desired', 'Available', 'Age'])
      expect(rows).toEqual([{ cells: ['a', 3, 0, expect.stringMatching(/^\d+s$/)], object: await read() }])
    })

    test('sets the replicas and counts a generation', async () => {
      await setUp()
      const current = await read()
      const updated = await scale().update({ ...current, spec: { replicas: 7 } }, { parent: Items })
      expect(updated).toMatchObject({ kind: 'Scale', spec: { replicas: 7 } })
      const changed = await opened.client.get(Items, { name: 'a' })
      expect([changed.spec?.quantity, changed.metadata.generation]).toEqual([7, 2])
    })

    test('is patched', async () => {
      await setUp()
      const patched = await scale().patch(item('a'), mergePatch({ spec: { replicas: 5 } }), { parent: Items })
      expect(patched).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } })
    })

    test('an older resourceVersion conflicts', async () => {
      await setUp()
      const current = await read()
      await opened.client.patch(item('a'), mergePatch({ spec: { color: 'red' } }))
      expect(
        await failure(scale().update({ ...current, spec: { replicas: 7 } }, { parent: Items })),
      ).toMatchObject({
        code: 409,
      })
    })

    test('refuses negative and broken replicas', async () => {
      await setUp()
      const current = await read()
      const set = (replicas: unknown) =>
        failure(scale().update({ ...current, spec: { replicas } }, { parent: Items }))
      expect(await set(-1)).toMatchObject({
        code: 422,
        message: expect.stringContaining(
          'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        ),
      })
      expect(await set('many')).toMatchObject({ code: 400 })
      expect(await set(1.5)).toMatchObject({ code: 400 })
      expect(await set(2 ** 31)).toMatchObject({
        code: 400,
        message: expect.stringContaining(
          'cannot unmarshal number 2147483648 into Go struct field ScaleSpec.spec.replicas of type int32',
        ),
      })
    })

    test('refuses what is no Scale', async () => {
      await setUp()
      expect(await failure(scale().update(item('a'), { parent: Items }))).toMatchObject({ code: 400 })
    })

    test('as a dry run stores nothing', async () => {
      await setUp()
      await scale().update({ ...(await read()), spec: { replicas: 7 } }, { parent: Items, dryRun: true })
      expect(await read()).toMatchObject({ spec: { replicas: 3 } })
    })
  })

  test('an unknown subresource is 404', async () => {
    await setUp()
    expect(await failure(opened.client.subresource('log').get(Items, { name: 'a' }))).toMatchObject({
      code: 404,
    })
  })
})
