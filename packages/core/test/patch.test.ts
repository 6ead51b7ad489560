import { jsonPatch, mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition } from './kinds.ts'

onEachStore((opened) => {
  const a = configMap('a', { data: { x: '1', y: '2' } })

  describe('a merge patch', () => {
    test('sets, removes and keeps fields', async () => {
      await opened.client.create(a)
      const patched = await opened.client.patch(configMap('a'), mergePatch({ data: { x: null, z: '3' } }))
      expect(patched.data).toEqual({ y: '2', z: '3' })
      expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(patched)
    })

    test('that changes nothing writes nothing', async () => {
      const created = await opened.client.create(a)
      expect(await opened.client.patch(a, mergePatch({ data: { x: '1' } }))).toEqual(created)
      expect(await opened.client.patch(a, mergePatch({}))).toEqual(created)
    })

    test('with an older resourceVersion conflicts', async () => {
      const { metadata } = await opened.client.create(a)
      await opened.client.patch(a, mergePatch({ data: { x: '5' } }))
      const late = mergePatch({ metadata: { resourceVersion: metadata.resourceVersion }, data: { x: '6' } })
      expect(await failure(opened.client.patch(a, late))).toMatchObject({ code: 409, reason: 'Conflict' })
    })

    test('of many at once loses nothing', async () => {
      await opened.client.create(configMap('a'))
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          opened.client.patch(a, mergePatch({ data: { [`k${index}`]: 'v' } })),
        ),
      )
      expect(Object.keys((await opened.client.get(ConfigMaps, { name: 'a' })).data ?? {})).toHaveLength(50)
    })

    test('is validated and defaulted', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a', { spec: { color: 'red' } }))
      expect((await opened.client.patch(item('a'), mergePatch({ spec: { color: null } }))).spec).toEqual({
        color: 'grey',
      })
      expect(
        (await failure(opened.client.patch(item('a'), mergePatch({ spec: { quantity: -1 } })))).code,
      ).toBe(422)
      expect((await failure(opened.client.patch(item('a'), mergePatch({ spec: 'text' })))).code).toBe(422)
    })

    test('of what is not there is 404', async () => {
      expect(await failure(opened.client.patch(a, mergePatch({})))).toMatchObject({
        code: 404,
        message: 'configmaps "a" not found',
      })
    })

    test.each([
      [null, 'Invalid JSON Patch'],
      [
        5,
        'error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}',
      ],
      [
        'x',
        'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}',
      ],
      [
        [],
        'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
      ],
    ])('cannot be %j', async (body, message) => {
      await opened.client.create(a)
      const patch = { type: 'application/merge-patch+json', body } as const
      expect(await failure(opened.client.patch(a, patch))).toMatchObject({ code: 400, message })
    })

    test('cannot rename or move an object', async () => {
      await opened.client.create(a)
      expect((await failure(opened.client.patch(a, mergePatch({ metadata: { name: 'b' } })))).message).toBe(
        'the name of the object (b) does not match the name on the URL (a)',
      )
      expect(
        (await failure(opened.client.patch(a, mergePatch({ metadata: { namespace: 'b' } })))).message,
      ).toBe('the namespace of the provided object does not match the namespace sent on the request')
    })

    test('cannot change kind, uid or creation time', async () => {
      const created = await opened.client.create(a)
      expect(await failure(opened.client.patch(a, mergePatch({ kind: 'Secret' })))).toMatchObject({
        code: 400,
      })
      expect(await failure(opened.client.patch(a, mergePatch({ metadata: { uid: 'x' } })))).toMatchObject({
        code: 409,
      })
      const patch = mergePatch({ metadata: { creationTimestamp: '2001-01-01T00:00:00Z' } })
      expect(await opened.client.patch(a, patch)).toEqual(created)
    })

    test('does not touch the status where that is a subresource', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a'))
      expect(await opened.client.patch(item('a'), mergePatch({ status: { phase: 'x' } }))).not.toHaveProperty(
        'status',
      )
    })

    test('as a dry run stores nothing', async () => {
      const created = await opened.client.create(a)
      expect((await opened.client.patch(a, mergePatch({ data: { x: '7' } }), { dryRun: true })).data?.x).toBe(
        '7',
      )
      expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(created)
    })
  })

  describe('a JSON patch', () => {
    test('runs its operations in order', async () => {
      await opened.client.create(a)
      const patched = await opened.client.patch(
        a,
        jsonPatch([
          { op: 'test', path: '/data/x', value: '1' },
          { op: 'remove', path: '/data/x' },
          { op: 'add', path: '/data/z', value: '3' },
        ]),
      )
      expect(patched.data).toEqual({ y: '2', z: '3' })
    })

    test('whose test fails is 422 and changes nothing', async () => {
      const created = await opened.client.create(a)
      const patch = jsonPatch([
        { op: 'replace', path: '/data/y', value: '9' },
        { op: 'test', path: '/data/x', value: '7' },
      ])
      const status = await failure(opened.client.patch(a, patch))
      expect(status).toMatchObject({ code: 422, reason: 'Invalid' })
      expect(status.message).toContain('testing value /data/x failed: test failed')
      expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(created)
    })

    test.each([
      5,
      'text',
      {},
      [5],
      [{ op: 'jump', path: '/x' }],
      [{ path: '/x' }],
      [{ op: 'remove', path: '' }],
    ])('cannot be %j', async (body) => {
      await opened.client.create(a)
      const { code } = await failure(opened.client.patch(a, { type: 'application/json-patch+json', body }))
      expect([400, 422]).toContain(code)
    })

    test('of null has no operations', async () => {
      const created = await opened.client.create(a)
      const patch = { type: 'application/json-patch+json', body: null } as const
      expect(await opened.client.patch(a, patch)).toEqual(created)
    })

    test('of more than 10,000 operations is too large', async () => {
      await opened.client.create(a)
      const operations = Array.from(
        { length: 10_001 },
        () => ({ op: 'test', path: '/data/x', value: '1' }) as const,
      )
      expect(await failure(opened.client.patch(a, jsonPatch(operations)))).toMatchObject({
        code: 413,
        message:
          'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
      })
    })
  })

  test('an unknown patch type is refused', async () => {
    await opened.client.create(a)
    const patch = { type: 'text/plain' as 'application/json-patch+json', body: {} }
    expect(await failure(opened.client.patch(a, patch))).toMatchObject({ code: 415 })
  })

  test('force is only for apply', async () => {
    await opened.client.create(a)
    expect((await failure(opened.client.patch(a, mergePatch({}), { force: true }))).message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    )
  })

  test('a patch that takes the resourceVersion off a custom resource is refused', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(item('a'))
    const patch = mergePatch({ metadata: { resourceVersion: null }, spec: { quantity: 4 } })
    expect((await failure(opened.client.patch(item('a'), patch))).message).toContain(
      'must be specified for an update',
    )
    await opened.client.patch(item('a'), mergePatch({ spec: { quantity: 4 } }))
    expect((await opened.client.get(Items, { name: 'a' })).spec?.quantity).toBe(4)
  })
})
