import type { KubernetesObject, ManagedFieldsEntry, Unstructured } from '@k1s/apimachinery'
import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, type Item, Items, item, itemDefinition, itemSchema } from './kinds.ts'

const withLists = {
  ...itemSchema,
  properties: {
    ...(itemSchema.properties as object),
    spec: {
      type: 'object',
      properties: {
        quantity: { type: 'integer', minimum: 0 },
        color: { type: 'string', default: 'grey' },
        tags: { type: 'array', items: { type: 'string' } },
        owners: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        place: {
          type: 'object',
          properties: { building: { type: 'string' }, room: { type: 'string' } },
          'x-kubernetes-map-type': 'atomic',
        },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            required: ['port'],
            properties: {
              port: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              name: { type: 'string' },
            },
          },
        },
      },
    },
  },
}

const definition = itemDefinition({ schema: { openAPIV3Schema: withLists } })

/** Manager, operation and fields of each entry, by manager; times vary. */
function managers({ metadata }: Unstructured) {
  const entries = (metadata.managedFields ?? []).map(
    ({ manager, operation, fieldsV1, subresource }: ManagedFieldsEntry) => ({
      manager,
      operation,
      ...(subresource !== undefined && { subresource }),
      fieldsV1,
    }),
  )
  return entries.sort((a, b) => ((a.manager ?? '') < (b.manager ?? '') ? -1 : 1))
}

onEachStore((opened) => {
  const apply = <T extends KubernetesObject>(object: T, fieldManager: string, force?: boolean) =>
    opened.client.apply(object, { fieldManager, ...(force !== undefined && { force }) })
  const setUp = () => opened.client.create(definition)
  const stored = () => opened.client.get(Items, { name: 'a' })

  describe('managed fields', () => {
    test('of a create are all that was sent and defaulted, but for names and what the system sets', async () => {
      await setUp()
      const created = await opened.client.create(
        item('a', {
          metadata: { labels: { tier: 'front' }, finalizers: ['example.com/held'] },
          spec: { quantity: 1, ports: [{ port: 80 }], owners: ['x'], tags: ['t'], place: { room: '1' } },
          status: { phase: 'New' },
        }),
        { fieldManager: 'creator' },
      )
      expect(managers(created)).toEqual([
        {
          manager: 'creator',
          operation: 'Update',
          fieldsV1: {
            'f:metadata': {
              'f:finalizers': { '.': {}, 'v:"example.com/held"': {} },
              'f:labels': { '.': {}, 'f:tier': {} },
            },
            'f:spec': {
              '.': {},
              'f:color': {},
              'f:owners': { '.': {}, 'v:"x"': {} },
              'f:place': {},
              'f:ports': {
                '.': {},
                'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {} },
              },
              'f:quantity': {},
              'f:tags': {},
            },
          },
        },
      ])
      expect(created.metadata.managedFields?.[0]).toMatchObject({
        apiVersion: 'inventory.example.com/v1',
        fieldsType: 'FieldsV1',
        time: created.metadata.creationTimestamp,
      })
    })

    test('name the program where the request names no manager', async () => {
      const { body } = await opened.request({
        verb: 'create',
        resource: 'configmaps',
        namespace: 'default',
        userAgent: 'importer/v1.2 (linux)',
        body: configMap('a', { data: { x: '1' } }),
      })
      expect(managers(body as Unstructured)).toEqual([
        { manager: 'importer', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } } },
      ])
    })

    test('of an update go to who changed the value', async () => {
      await opened.client.create(configMap('a', { data: { x: '1', y: '1' } }), { fieldManager: 'first' })
      const updated = await opened.client.patch(configMap('a'), mergePatch({ data: { y: '2', z: '1' } }), {
        fieldManager: 'second',
      })
      expect(managers(updated)).toEqual([
        { manager: 'first', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:x': {} } } },
        { manager: 'second', operation: 'Update', fieldsV1: { 'f:data': { 'f:y': {}, 'f:z': {} } } },
      ])
    })

    test('of a status are kept apart', async () => {
      await setUp()
      const created = await opened.client.create(item('a', { spec: { quantity: 1 } }), {
        fieldManager: 'user',
      })
      const updated = await opened.client.status.update(
        { ...created, spec: { quantity: 7 }, status: { phase: 'Ready' } },
        { fieldManager: 'controller' },
      )
      expect(managers(updated)).toEqual([
        {
          manager: 'controller',
          operation: 'Update',
          subresource: 'status',
          fieldsV1: { 'f:status': { '.': {}, 'f:phase': {} } },
        },
        {
          manager: 'user',
          operation: 'Update',
          fieldsV1: { 'f:spec': { '.': {}, 'f:color': {}, 'f:quantity': {} } },
        },
      ])
    })

    test('of a scale are those of the replicas', async () => {
      await setUp()
      await opened.client.create(item('a', { spec: { quantity: 1 } }), { fieldManager: 'user' })
      await opened.client.subresource('scale').patch(item('a'), mergePatch({ spec: { replicas: 4 } }), {
        parent: Items,
        fieldManager: 'autoscaler',
      })
      const entries = managers(await stored())
      expect(entries).toContainEqual({
        manager: 'autoscaler',
        operation: 'Update',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:quantity': {} } },
      })
      expect(entries[1]?.fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:color': {} } })
    })

    test('are emptied with a list of one empty entry', async () => {
      await opened.client.create(configMap('a', { data: { x: '1' } }), { fieldManager: 'first' })
      const reset = await opened.client.patch(
        configMap('a'),
        mergePatch({ metadata: { managedFields: [{}] } }),
      )
      expect(reset.metadata.managedFields).toBeUndefined()
    })

    test('stay when a write leaves them out', async () => {
      const created = await opened.client.create(configMap('a', { data: { x: '1' } }), {
        fieldManager: 'first',
      })
      const { managedFields: _, ...metadata } = created.metadata
      const updated = await opened.client.update({ ...created, metadata }, { fieldManager: 'second' })
      expect(updated).toEqual(created)
    })
  })

  describe('an apply', () => {
    test('creates what is not there', async () => {
      const response = await opened.request({
        verb: 'patch',
        patchType: 'application/apply-patch+yaml',
        resource: 'configmaps',
        namespace: 'default',
        name: 'a',
        options: { fieldManager: 'me' },
        body: configMap('a', { data: { x: '1' } }),
      })
      expect(response.code).toBe(201)
      expect(managers(response.body as Unstructured)).toEqual([
        { manager: 'me', operation: 'Apply', fieldsV1: { 'f:data': { 'f:x': {} } } },
      ])
    })

    test('sets what it names and leaves the rest', async () => {
      await setUp()
      await opened.client.create(item('a', { spec: { quantity: 1 } }), { fieldManager: 'creator' })
      const applied = await apply(item('a', { spec: { tags: ['x'] } }), 'tagger')
      expect(applied.spec).toEqual({ quantity: 1, color: 'grey', tags: ['x'] })
      expect(managers(applied)).toEqual([
        {
          manager: 'creator',
          operation: 'Update',
          fieldsV1: { 'f:spec': { '.': {}, 'f:color': {}, 'f:quantity': {} } },
        },
        { manager: 'tagger', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:tags': {} } } },
      ])
    })

    test('that changes nothing writes nothing', async () => {
      await setUp()
      const config = item('a', { spec: { quantity: 1, ports: [{ port: 80 }] } })
      const first = await apply(config, 'me')
      expect(await apply(config, 'me')).toEqual(first)
      expect(await stored()).toEqual(first)
    })

    test('removes what it no longer names and nobody else owns', async () => {
      await setUp()
      await apply(item('a', { spec: { quantity: 1, tags: ['x'], owners: ['p', 'q'] } }), 'me')
      await apply(item('a', { spec: { quantity: 1, owners: ['q'] } }), 'other')
      const applied = await apply(item('a', { spec: {} }), 'me')
      expect(applied.spec).toEqual({ quantity: 1, color: 'grey', owners: ['q'] })
    })

    test('merges lists of maps by their keys, with defaults for those that are left out', async () => {
      await setUp()
      await apply(item('a', { spec: { ports: [{ port: 80, name: 'web' }] } }), 'me')
      const applied = await apply(
        item('a', { spec: { ports: [{ port: 80, protocol: 'UDP' }, { port: 443 }] } }),
        'other',
      )
      expect(applied.spec?.ports).toEqual([
        { port: 80, protocol: 'TCP', name: 'web' },
        { port: 80, protocol: 'UDP' },
        { port: 443, protocol: 'TCP' },
      ])
    })

    test('of a field of another manager conflicts, and names manager and field', async () => {
      await setUp()
      await apply(item('a', { spec: { quantity: 1, place: { room: '1' } } }), 'first')
      expect(await failure(apply(item('a', { spec: { quantity: 2 } }), 'second'))).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "first": .spec.quantity',
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.spec.quantity' },
          ],
        },
      })
      expect(
        (await failure(apply(item('a', { spec: { quantity: 2, place: { room: '2' } } }), 'second'))).message,
      ).toBe('Apply failed with 2 conflicts: conflicts with "first":\n- .spec.place\n- .spec.quantity')
    })

    test('conflicts with one that updated, whose version and time it names', async () => {
      await setUp()
      await opened.client.create(item('a', { spec: { quantity: 1 } }), { fieldManager: 'first' })
      const { message } = await failure(apply(item('a', { spec: { quantity: 2 } }), 'second'))
      expect(message).toMatch(
        /^Apply failed with 1 conflict: conflict with "first" using inventory\.example\.com\/v1( at \S+)?: \.spec\.quantity$/,
      )
    })

    test('by force takes the field over', async () => {
      await setUp()
      await apply(item('a', { spec: { quantity: 1, tags: ['x'] } }), 'first')
      const applied = await apply(item('a', { spec: { quantity: 2 } }), 'second', true)
      expect(applied.spec?.quantity).toBe(2)
      expect(managers(applied)).toEqual([
        { manager: 'first', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:tags': {} } } },
        { manager: 'second', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:quantity': {} } } },
      ])
    })

    test('of the value that is there shares the field', async () => {
      await setUp()
      await apply(item('a', { spec: { quantity: 1 } }), 'first')
      await apply(item('a', { spec: { quantity: 1 } }), 'second')
      expect((await apply(item('a'), 'first')).spec?.quantity).toBe(1)
      expect((await apply(item('a'), 'second')).spec?.quantity).toBeUndefined()
    })

    test('of a status reaches nothing else', async () => {
      await setUp()
      await opened.client.create(item('a', { spec: { quantity: 1 } }))
      const applied = await opened.client.status.apply(
        item('a', { spec: { quantity: 5 }, status: { phase: 'Ready' } }),
        { fieldManager: 'controller' },
      )
      expect(applied).toMatchObject({ spec: { quantity: 1 }, status: { phase: 'Ready' } })
      expect(managers(applied)[0]).toEqual({
        manager: 'controller',
        operation: 'Apply',
        subresource: 'status',
        fieldsV1: { 'f:status': { 'f:phase': {} } },
      })
    })

    test('of a scale conflicts with who set the replicas', async () => {
      await setUp()
      await apply(item('a', { spec: { quantity: 1 } }), 'user')
      const scale = {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'a' },
        spec: { replicas: 3 },
      }
      const options = { parent: Items, fieldManager: 'autoscaler' }
      const scales = opened.client.subresource('scale')
      expect((await failure(scales.apply(scale, options))).message).toContain('conflict with "user"')
      expect(await scales.apply(scale, { ...options, force: true })).toMatchObject({ spec: { replicas: 3 } })
      expect((await stored()).spec?.quantity).toBe(3)
    })

    test('in one version of a kind gives up what it owned in another', async () => {
      const version = (name: string, storage: boolean) => ({ ...definition.spec.versions[0]!, name, storage })
      const versions = [version('v1', true), version('v2', false)]
      await opened.client.create({ ...definition, spec: { ...definition.spec, versions } })
      const v2 = (spec: Item['spec']) => ({ ...item('a', { spec }), apiVersion: 'inventory.example.com/v2' })
      await apply(item('a', { spec: { quantity: 1, owners: ['x'] } }), 'me')
      const both = await apply(v2({ tags: ['t'] }), 'other')
      expect(both).toMatchObject({
        apiVersion: 'inventory.example.com/v2',
        spec: { quantity: 1, tags: ['t'] },
      })
      expect(both.metadata.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual([
        'inventory.example.com/v1',
        'inventory.example.com/v2',
      ])
      expect((await apply(v2({ owners: ['y'] }), 'me')).spec).toEqual({
        color: 'grey',
        tags: ['t'],
        owners: ['y'],
      })
      expect((await failure(apply(v2({ tags: ['u'] }), 'me'))).message).toContain(
        'conflict with "other": .spec.tags',
      )
    })

    test('of a dry run stores nothing', async () => {
      const options = { fieldManager: 'me', dryRun: true }
      expect((await opened.client.apply(configMap('a', { data: { x: '1' } }), options)).data).toEqual({
        x: '1',
      })
      expect((await failure(opened.client.get(ConfigMaps, { name: 'a' }))).code).toBe(404)
    })

    test('is validated', async () => {
      await setUp()
      expect(await failure(apply(item('a', { spec: { quantity: -1 } }), 'me'))).toMatchObject({
        code: 422,
        reason: 'Invalid',
      })
      expect((await failure(apply(item('a', { spec: { size: 1 } }), 'me'))).message).toContain(
        '.spec.size: field not declared in schema',
      )
      expect((await failure(apply(item('a', { spec: { owners: ['x', 'x'] } }), 'me'))).message).toContain(
        'duplicate',
      )
    })

    test('needs a manager, and no managedFields', async () => {
      const body = configMap('a')
      const request = {
        verb: 'patch',
        patchType: 'application/apply-patch+yaml',
        resource: 'configmaps',
        namespace: 'default',
        name: 'a',
      } as const
      expect((await failure(opened.request({ ...request, body }))).message).toContain(
        'fieldManager: Required value: is required for apply patch',
      )
      const withFields = configMap('a', { metadata: { managedFields: [] } })
      expect(
        await failure(opened.request({ ...request, options: { fieldManager: 'me' }, body: withFields })),
      ).toMatchObject({ code: 400, message: 'metadata.managedFields must be nil' })
    })

    test('with the uid of an object that is gone conflicts', async () => {
      const gone = configMap('a', { metadata: { uid: '0e4c5e0c-0000-4000-8000-000000000000' } })
      expect(await failure(apply(gone, 'me'))).toMatchObject({
        code: 409,
        message: expect.stringContaining('uid mismatch: the provided object specified uid'),
      })
    })

    test('does not conflict with what client-side apply managed', async () => {
      const config = configMap('a', { data: { x: '1', y: '1' } })
      const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
      await opened.client.create(
        {
          ...config,
          metadata: { ...config.metadata, annotations: { [annotation]: JSON.stringify(config) } },
        },
        { fieldManager: 'kubectl-client-side-apply' },
      )
      const applied = await apply(configMap('a', { data: { x: '2' } }), 'kubectl')
      expect(applied.data).toEqual({ x: '2', y: '1' })
    })

    test('by many managers at once keeps what each owns', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          apply(configMap('a', { data: { [`k${index}`]: String(index) } }), `manager-${index}`),
        ),
      )
      const { data } = await opened.client.get(ConfigMaps, { name: 'a' })
      expect(data).toEqual(
        Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, String(index)])),
      )
    })
  })
})
