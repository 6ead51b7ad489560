import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, namespace } from './kinds.ts'

onEachStore((opened) => {
  test('a new object has a uid, a creation time in seconds, a resourceVersion, and what was sent', async () => {
    const created = await opened.client.create(configMap('a', { data: { key: 'value' } }))
    expect(created).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        resourceVersion: expect.stringMatching(/^[1-9]\d*$/),
        managedFields: [expect.objectContaining({ operation: 'Update' })],
      },
      data: { key: 'value' },
    })
    expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(created)
  })

  test('a creation answers 201', async () => {
    const body = configMap('a')
    const { code } = await opened.request({
      verb: 'create',
      resource: 'configmaps',
      namespace: 'default',
      body,
    })
    expect(code).toBe(201)
  })

  test('what was sent is not changed', async () => {
    const sent = Object.freeze(configMap('a'))
    Object.freeze(sent.metadata)
    await opened.client.create(sent)
    expect(sent).toEqual(configMap('a'))
  })

  test('a second object of a name is refused with 409 AlreadyExists', async () => {
    await opened.client.create(configMap('a'))
    expect(await failure(opened.client.create(configMap('a')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
    })
  })

  test('generateName adds five characters that make no words', async () => {
    const { metadata } = await opened.client.create(configMap('', { metadata: { generateName: 'job-' } }))
    expect(metadata.name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(metadata.generateName).toBe('job-')
  })

  test('generateName is cut so that names have at most 63 characters', async () => {
    const generateName = 'x'.repeat(80)
    const { metadata } = await opened.client.create(configMap('', { metadata: { generateName } }))
    expect(metadata.name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  test('a name wins over generateName', async () => {
    const { metadata } = await opened.client.create(
      configMap('a', { metadata: { name: 'a', generateName: 'b-' } }),
    )
    expect(metadata.name).toBe('a')
  })

  test('an object without name and generateName is refused', async () => {
    expect(await failure(opened.client.create(configMap('')))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    })
  })

  test('a name that is no DNS subdomain is refused with the field and the rule', async () => {
    const status = await failure(opened.client.create(configMap('Not_A_Name')))
    expect(status).toMatchObject({ code: 422, reason: 'Invalid' })
    expect(status.message).toContain(
      'ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain must consist of',
    )
    expect(status.details?.causes).toMatchObject([{ reason: 'FieldValueInvalid', field: 'metadata.name' }])
  })

  test('a resourceVersion is refused', async () => {
    const object = configMap('a', { metadata: { name: 'a', resourceVersion: '5' } })
    expect((await failure(opened.client.create(object))).message).toBe(
      'resourceVersion should not be set on objects to be created',
    )
  })

  test('what only the system sets is overwritten', async () => {
    const sent = { uid: 'mine', creationTimestamp: '2001-01-01T00:00:00Z', generation: 7, selfLink: '/x' }
    const created = await opened.client.create(configMap('a', { metadata: { name: 'a', ...sent } }))
    expect(created.metadata.uid).not.toBe('mine')
    expect(created.metadata.creationTimestamp).not.toBe(sent.creationTimestamp)
    expect(created.metadata).not.toHaveProperty('generation')
    expect(created.metadata).not.toHaveProperty('selfLink')
  })

  test('deletionTimestamp and its grace period cannot be set', async () => {
    const sent = { deletionTimestamp: '2001-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 }
    const { metadata } = await opened.client.create(configMap('a', { metadata: { name: 'a', ...sent } }))
    expect(metadata).not.toHaveProperty('deletionTimestamp')
    expect(metadata).not.toHaveProperty('deletionGracePeriodSeconds')
  })

  test('a namespace that does not exist is 404', async () => {
    const object = configMap('a', { metadata: { name: 'a', namespace: 'nowhere' } })
    expect(await failure(opened.client.create(object))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'namespaces "nowhere" not found',
      details: { name: 'nowhere', kind: 'namespaces' },
    })
  })

  test('a namespace other than the one asked for is refused', async () => {
    const body = configMap('a', { metadata: { name: 'a', namespace: 'other' } })
    const request = { verb: 'create', resource: 'configmaps', namespace: 'default', body } as const
    expect(await failure(opened.request(request))).toMatchObject({
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    })
  })

  test('an object of a cluster-scoped kind loses its namespace', async () => {
    const created = await opened.client.create(
      namespace('a', { metadata: { name: 'a', namespace: 'default' } }),
    )
    expect(created.metadata).not.toHaveProperty('namespace')
  })

  describe('of a body that is not an object of the kind', () => {
    const create = (body: unknown) =>
      failure(opened.request({ verb: 'create', resource: 'configmaps', namespace: 'default', body }))

    test.each([null, 5, 'text', true, []])('%j is refused with 400', async (body) => {
      expect(await create(body)).toMatchObject({ code: 400, reason: 'BadRequest' })
    })

    test('another version is refused with both versions', async () => {
      expect((await create({ ...configMap('a'), apiVersion: 'v2' })).message).toBe(
        'the API version in the data (v2) does not match the expected API version (v1)',
      )
    })

    test('another kind is refused', async () => {
      expect(await create({ ...configMap('a'), kind: 'Secret' })).toMatchObject({ code: 400 })
    })

    test('a field of a wrong type is refused in the words of a Go decoder', async () => {
      expect((await create({ ...configMap('a'), data: { key: 5 } })).message).toBe(
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      )
    })

    test('metadata of a wrong type is refused', async () => {
      expect(await create({ ...configMap('a'), metadata: 'a' })).toMatchObject({ code: 400 })
      expect(await create({ ...configMap('a'), metadata: { name: 5 } })).toMatchObject({ code: 400 })
      expect(await create({ ...configMap('a'), metadata: { name: 'a', labels: { x: 5 } } })).toMatchObject({
        code: 400,
      })
    })
  })

  test('a label or finalizer that is null is an empty text', async () => {
    const labels = { a: null } as unknown as { a: string }
    const { metadata } = await opened.client.create(configMap('a', { metadata: { name: 'a', labels } }))
    expect(metadata.labels).toEqual({ a: '' })
    const finalizers = [null] as unknown as string[]
    const status = await failure(
      opened.client.create(configMap('b', { metadata: { name: 'b', finalizers } })),
    )
    expect(status).toMatchObject({ code: 422, reason: 'Invalid' })
  })

  test('labels and annotations are validated', async () => {
    const metadata = { name: 'a', labels: { 'bad key!': 'x'.repeat(64) } }
    const status = await failure(opened.client.create(configMap('a', { metadata })))
    expect(status.code).toBe(422)
    expect(status.details?.causes).toHaveLength(2)
    expect(status.message).toContain('metadata.labels: Invalid value: "bad key!": name part must consist of')
  })

  test('an object of more than 1.5 MiB is refused with 413', async () => {
    await opened.client.create(
      itemDefinition({
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      }),
    )
    const status = await failure(opened.client.create(item('a', { spec: { color: 'x'.repeat(1_600_000) } })))
    expect(status).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' })
    expect(await failure(opened.client.get(Items, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  describe('of a custom resource', () => {
    test('it has generation 1, defaults, and no status', async () => {
      await opened.client.create(itemDefinition())
      const created = await opened.client.create(
        item('a', { spec: { quantity: 2 }, status: { phase: 'Ready' } }),
      )
      expect(created.metadata.generation).toBe(1)
      expect(created.spec).toEqual({ quantity: 2, color: 'grey' })
      expect(created).not.toHaveProperty('status')
    })

    test('the status is kept where it is no subresource', async () => {
      await opened.client.create(itemDefinition({ subresources: {} }))
      const created = await opened.client.create(item('a', { status: { phase: 'Ready' } }))
      expect(created.status).toEqual({ phase: 'Ready' })
    })

    test('the schema is enforced', async () => {
      await opened.client.create(itemDefinition())
      expect((await failure(opened.client.create(item('a', { spec: { quantity: -1 } })))).message).toBe(
        'Item.inventory.example.com "a" is invalid: spec.quantity: Invalid value: -1: spec.quantity in body should be greater than or equal to 0',
      )
    })

    test('a missing kind or apiVersion is refused', async () => {
      await opened.client.create(itemDefinition())
      const create = (body: unknown) =>
        failure(
          opened.request({
            verb: 'create',
            group: 'inventory.example.com',
            resource: 'items',
            namespace: 'default',
            body,
          }),
        )
      const { kind: _, ...withoutKind } = item('a')
      expect(await create(withoutKind)).toMatchObject({ code: 400 })
      expect((await create(withoutKind)).message).toContain("Object 'Kind' is missing in")
    })
  })

  test('dryRun does everything but storing', async () => {
    const created = await opened.client.create(configMap('a'), { dryRun: true })
    expect(created.metadata.uid).toBeDefined()
    expect(created.metadata).not.toHaveProperty('resourceVersion')
    expect(await failure(opened.client.get(ConfigMaps, { name: 'a' }))).toMatchObject({ code: 404 })
    await opened.client.create(configMap('a'))
    expect(await failure(opened.client.create(configMap('a'), { dryRun: true }))).toMatchObject({ code: 409 })
    expect(await failure(opened.client.create(configMap('B'), { dryRun: true }))).toMatchObject({ code: 422 })
  })

  test('dryRun of a namespace makes no ServiceAccount', async () => {
    await opened.client.create(namespace('a'), { dryRun: true })
    const list = await opened.request({ verb: 'list', resource: 'serviceaccounts', namespace: 'a' })
    expect(list.body).toMatchObject({ items: [] })
  })
})
