import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, item, itemDefinition } from './kinds.ts'

onEachStore((opened) => {
  test('the object is replaced and has a new resourceVersion', async () => {
    const created = await opened.client.create(configMap('a', { data: { key: '1' } }))
    const updated = await opened.client.update({ ...created, data: { other: '2' } })
    expect(updated).toEqual({
      ...created,
      metadata: {
        ...created.metadata,
        resourceVersion: updated.metadata.resourceVersion,
        managedFields: [expect.objectContaining({ fieldsV1: { 'f:data': { '.': {}, 'f:other': {} } } })],
      },
      data: { other: '2' },
    })
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion))
    expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(updated)
  })

  test('an older resourceVersion conflicts', async () => {
    const created = await opened.client.create(configMap('a'))
    await opened.client.update({ ...created, data: { key: '1' } })
    expect(await failure(opened.client.update({ ...created, data: { key: '2' } }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    })
  })

  test('a built-in kind is overwritten without resourceVersion', async () => {
    await opened.client.create(configMap('a'))
    expect((await opened.client.update(configMap('a', { data: { key: '1' } }))).data).toEqual({ key: '1' })
  })

  test('a custom resource is not', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(item('a'))
    expect(await failure(opened.client.update(item('a')))).toMatchObject({
      code: 422,
      message:
        'items.inventory.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    })
  })

  test.each(['abc', '-1', '1.5'])('resourceVersion %s is no number and refused', async (resourceVersion) => {
    await opened.client.create(configMap('a'))
    const object = configMap('a', { metadata: { name: 'a', resourceVersion } })
    expect((await failure(opened.client.update(object))).code).toBe(400)
  })

  test('another uid conflicts', async () => {
    const { metadata } = await opened.client.create(configMap('a'))
    const status = await failure(
      opened.client.update(configMap('a', { metadata: { ...metadata, uid: 'other' } })),
    )
    expect(status).toMatchObject({ code: 409, reason: 'Conflict' })
    expect(status.message).toContain(
      `Precondition failed: UID in precondition: other, UID in object meta: ${metadata.uid}`,
    )
  })

  test('what is not there is 404', async () => {
    expect(await failure(opened.client.update(configMap('a')))).toMatchObject({
      code: 404,
      message: 'configmaps "a" not found',
    })
  })

  test('the creation time, generation and deletion time cannot be changed', async () => {
    await opened.client.create(itemDefinition())
    const created = await opened.client.create(item('a'))
    const updated = await opened.client.update({
      ...created,
      metadata: {
        ...created.metadata,
        creationTimestamp: '2001-01-01T00:00:00Z',
        generation: 77,
        deletionTimestamp: '2001-01-01T00:00:00Z',
      },
    })
    expect(updated).toEqual(created)
  })

  test('an update that changes nothing writes nothing and keeps the resourceVersion', async () => {
    const created = await opened.client.create(configMap('a', { data: { key: '1' } }))
    expect(await opened.client.update(created)).toEqual(created)
  })

  test('name and namespace of the body must be those of the request', async () => {
    await opened.client.create(configMap('a'))
    const update = (body: unknown) =>
      failure(
        opened.request({ verb: 'update', resource: 'configmaps', namespace: 'default', name: 'a', body }),
      )
    expect((await update(configMap('b'))).message).toBe(
      'the name of the object (b) does not match the name on the URL (a)',
    )
    expect(await update(configMap('a', { metadata: { name: 'a', namespace: 'other' } }))).toMatchObject({
      code: 400,
    })
    expect((await update(configMap(''))).message).toBe(
      'the name of the object (a based on URL) was undeterminable: name must be provided',
    )
  })

  test('a body that cannot be read is refused also where there is no object', async () => {
    const body = { ...configMap('a'), data: 5 }
    const update = opened.request({
      verb: 'update',
      resource: 'configmaps',
      namespace: 'default',
      name: 'a',
      body,
    })
    expect(await failure(update)).toMatchObject({ code: 400, reason: 'BadRequest' })
  })

  test('warnings come once, however often a race is lost', async () => {
    await opened.client.create(configMap('a'))
    const warnings: string[] = []
    const onWarning = (text: string) => warnings.push(text)
    const writes = Array.from({ length: 10 }, (_, index) => {
      const extra = { [`extra${index}`]: 1 }
      const object = { ...configMap('a', { data: { x: String(index) } }), ...extra }
      const patch = {
        type: 'application/merge-patch+json',
        body: { ...extra, data: { [index]: 'y' } },
      } as const
      return [
        opened.client.update(object, { onWarning }),
        opened.client.patch(configMap('a'), patch, { onWarning }),
      ]
    })
    await Promise.all(writes.flat())
    expect(warnings).toHaveLength(20)
  })

  describe('of a custom resource', () => {
    test('generation rises when something other than metadata and status changes', async () => {
      await opened.client.create(itemDefinition())
      const created = await opened.client.create(item('a'))
      const labelled = await opened.client.update({
        ...created,
        metadata: { ...created.metadata, labels: { a: 'b' } },
        status: { phase: 'ignored' },
      })
      expect(labelled.metadata.generation).toBe(1)
      expect(labelled).not.toHaveProperty('status')
      const changed = await opened.client.update({ ...labelled, spec: { quantity: 3 } })
      expect(changed.metadata.generation).toBe(2)
    })

    test('without a status subresource, a change of status counts as well', async () => {
      await opened.client.create(itemDefinition({ subresources: {} }))
      const created = await opened.client.create(item('a'))
      const updated = await opened.client.update({ ...created, status: { phase: 'Ready' } })
      expect(updated.status).toEqual({ phase: 'Ready' })
      expect(updated.metadata.generation).toBe(2)
    })

    test('the schema is enforced', async () => {
      await opened.client.create(itemDefinition())
      const created = await opened.client.create(item('a'))
      expect((await failure(opened.client.update({ ...created, spec: { quantity: -1 } }))).code).toBe(422)
    })
  })

  test('dryRun answers with the result and stores nothing', async () => {
    const created = await opened.client.create(configMap('a'))
    const updated = await opened.client.update({ ...created, data: { key: '1' } }, { dryRun: true })
    expect(updated.data).toEqual({ key: '1' })
    expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(created)
  })

  test('taking the last finalizer off an object that is being deleted removes it', async () => {
    await opened.client.create(configMap('a', { metadata: { name: 'a', finalizers: ['example.com/hold'] } }))
    const held = await opened.client.delete(ConfigMaps, { name: 'a' })
    expect(held?.metadata.deletionTimestamp).toBeDefined()
    const released = { ...held!, metadata: { ...held!.metadata, finalizers: [] } }
    await opened.client.update(released, { dryRun: true })
    expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(held)
    await opened.client.update(released)
    expect(await failure(opened.client.get(ConfigMaps, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  test('a finalizer cannot be added to an object that is being deleted', async () => {
    await opened.client.create(configMap('a', { metadata: { name: 'a', finalizers: ['example.com/hold'] } }))
    const held = await opened.client.delete(ConfigMaps, { name: 'a' })
    const finalizers = ['example.com/hold', 'example.com/more']
    const status = await failure(
      opened.client.update({ ...held!, metadata: { ...held!.metadata, finalizers } }),
    )
    expect(status.message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
    )
  })
})
