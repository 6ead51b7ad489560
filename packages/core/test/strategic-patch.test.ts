import type { Unstructured } from '@k1s/apimachinery'
import { strategicMergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import {
  ConfigMaps,
  configMap,
  item,
  itemDefinition,
  Namespaces,
  namespace,
  ServiceAccounts,
} from './kinds.ts'

interface ServiceAccount extends Unstructured {
  secrets?: { name?: string; namespace?: string }[]
}

function serviceAccount(fields: Omit<ServiceAccount, 'apiVersion' | 'kind' | 'metadata'>): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' }, ...fields }
}

onEachStore((opened) => {
  const patch = (object: Unstructured, body: object) => opened.client.patch(object, strategicMergePatch(body))

  describe('a strategic merge patch', () => {
    test('merges lists by the key of their type, deletes items and orders them', async () => {
      const account = serviceAccount({
        secrets: [{ name: 'x', namespace: 'n' }, { name: 'y' }, { name: 'z' }],
      })
      await opened.client.create(account)
      const patched = (await patch(account, {
        secrets: [{ name: 'y', $patch: 'delete' }, { name: 'w' }],
        '$setElementOrder/secrets': [{ name: 'w' }, { name: 'z' }, { name: 'x' }],
      })) as ServiceAccount
      expect(patched.secrets).toEqual([{ name: 'w' }, { name: 'z' }, { name: 'x', namespace: 'n' }])
      expect(await opened.client.get(ServiceAccounts, { name: 'a' })).toEqual(patched)
    })

    test('merges the metadata', async () => {
      const a = configMap('a', {
        metadata: { labels: { x: '1', y: '2' }, finalizers: ['k1s.dev/a', 'k1s.dev/b'] },
      })
      await opened.client.create(a)
      const { metadata } = await patch(a, {
        metadata: {
          labels: { x: null, z: '3' },
          '$deleteFromPrimitiveList/finalizers': ['k1s.dev/a'],
          finalizers: ['k1s.dev/c'],
        },
      })
      expect(metadata.labels).toEqual({ y: '2', z: '3' })
      expect(metadata.finalizers).toEqual(['k1s.dev/c', 'k1s.dev/b'])
    })

    test('replaces an object that it says to replace', async () => {
      const a = configMap('a', { data: { x: '1', y: '2' } })
      await opened.client.create(a)
      const patched = (await patch(a, { data: { $patch: 'replace', z: '3' } })) as typeof a
      expect(patched.data).toEqual({ z: '3' })
    })

    test('that changes nothing writes nothing', async () => {
      const created = await opened.client.create(configMap('a', { data: { x: '1' } }))
      expect(await patch(created, { data: { x: '1', y: null } })).toEqual(created)
    })

    test('goes to the status', async () => {
      await opened.client.create(namespace('b'))
      const conditions = [
        {
          type: 'Ready',
          status: 'True',
          message: '',
          reason: 'x',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ]
      const body = strategicMergePatch({ status: { conditions } })
      await opened.client.status.patch(namespace('b'), body)
      const second = strategicMergePatch({ status: { conditions: [{ type: 'Ready', status: 'False' }] } })
      await opened.client.status.patch(namespace('b'), second)
      expect((await opened.client.get(Namespaces, { name: 'b' })).status).toMatchObject({
        conditions: [{ ...conditions[0], status: 'False' }],
      })
    })

    test('with an older resourceVersion conflicts', async () => {
      const { metadata } = await opened.client.create(configMap('a'))
      await patch(configMap('a'), { data: { x: '5' } })
      const late = { metadata: { resourceVersion: metadata.resourceVersion }, data: { x: '6' } }
      expect(await failure(patch(configMap('a'), late))).toMatchObject({ code: 409, reason: 'Conflict' })
    })

    test.each<[unknown, number, string, string]>([
      [[], 400, 'BadRequest', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
      ['x', 400, 'BadRequest', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
      [{ metadata: { $retainKeys: 'x' } }, 400, 'BadRequest', 'invalid patch format of retainKeys'],
      [
        { secrets: [{ namespace: 'n' }] },
        500,
        '',
        'map: map[namespace:n] does not contain declared merge key: name',
      ],
      [{ secrets: [['x']] }, 500, '', 'list element types are not identical: [[map[name:x]] [[x]]]'],
      [{ metadata: { $patch: 'drop' } }, 500, '', 'unknown patch type: drop in map: map[$patch:drop]'],
    ])('cannot be %j', async (body, code, reason, message) => {
      const created = await opened.client.create(serviceAccount({ secrets: [{ name: 'x' }] }))
      const status = await failure(patch(created, body as object))
      expect({ reason: '', ...status }).toMatchObject({ code, reason, message })
      expect(await opened.client.get(ServiceAccounts, { name: 'a' })).toEqual(created)
    })

    test('of the wrong type shows the patch', async () => {
      await opened.client.create(configMap('a'))
      expect((await failure(patch(configMap('a'), { data: [1] }))).message).toBe(
        ' "" is invalid: patch: Invalid value: "map[data:[1]]": cannot restore map from slice',
      )
    })

    test('with unknown fields is refused where that is asked for', async () => {
      await opened.client.create(configMap('a'))
      const strict = opened.client.patch(configMap('a'), strategicMergePatch({ date: {} }), {
        fieldValidation: 'Strict',
      })
      expect((await failure(strict)).message).toBe(
        ' "" is invalid: patch: Invalid value: "map[date:map[]]": strict decoding error: unknown field "date"',
      )
      expect(await opened.client.get(ConfigMaps, { name: 'a' })).not.toHaveProperty('date')
    })

    test('of a custom resource is of an unknown format', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a'))
      expect(await failure(patch(item('a'), {}))).toMatchObject({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      })
    })
  })

  test('an unknown patch type is told which there are', async () => {
    await opened.client.create(configMap('a'))
    const body = { type: 'text/plain' as 'application/json-patch+json', body: {} }
    expect((await failure(opened.client.patch(configMap('a'), body))).message).toBe(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
    )
  })
})
