import { jsonPatch, strategicMergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import {
  ConfigMaps,
  configMap,
  item,
  itemDefinition,
  itemSchema,
  Namespaces,
  namespace,
  ServiceAccounts,
} from './kinds.ts'
import { configMapRule, validateWith } from './policies.ts'

/** What docs/compatibility.md says is otherwise than in Kubernetes, and no other test shows. */
onEachStore((opened) => {
  describe('a JSON patch', () => {
    test.each([
      [{ op: 'replace', path: '/data/b', value: '2' }, 'doc is missing key: /data/b'],
      [{ op: 'copy', from: '/data/b', path: '/data/c' }, 'Unable to access nonexistent key: b'],
      [{ op: 'test', path: '/data/b', value: null }, 'Unable to access nonexistent key: b'],
      [{ op: 'replace', path: '/metadata/finalizers/-1', value: 'example.com/b' }, '/metadata/finalizers/-1'],
    ] as const)('refuses %j, as RFC 6902 does', async (operation, message) => {
      const finalizers = ['example.com/a']
      await opened.client.create(configMap('a', { metadata: { name: 'a', finalizers }, data: { a: '1' } }))
      const refused = await failure(opened.client.patch(configMap('a'), jsonPatch([operation])))
      expect(refused).toMatchObject({ code: 422, message: expect.stringContaining(message) })
    })
  })

  test('a strategic merge patch that deletes objects as if they were plain values is a bad request', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } }
    await opened.client.create({ ...account, secrets: [{ name: 's' }] })
    const patch = strategicMergePatch({ '$deleteFromPrimitiveList/secrets': [{ name: 's' }] })
    expect(await failure(opened.client.patch(account, patch))).toMatchObject({ code: 400 })
  })

  test('what a deletion takes along is removed without being admitted by itself', async () => {
    const rule = { ...configMapRule, operations: ['DELETE'] }
    await opened.client.create(namespace('full'))
    const inside = configMap('a', { metadata: { name: 'a', namespace: 'full' } })
    await opened.client.create(inside)
    await validateWith(opened.client, 'keep', {
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: 'false' }],
    })
    expect((await failure(opened.client.delete(inside))).message).toContain('denied request')
    await opened.client.delete(Namespaces, { name: 'full' })
    expect((await opened.client.list(ConfigMaps)).items).toEqual([])
  })

  test('the ServiceAccount of a namespace comes back with the next write of the namespace', async () => {
    const names = async () => {
      const { items } = await opened.client.list(ServiceAccounts, { namespace: 'default' })
      return items.map(({ metadata }) => metadata.name)
    }
    await opened.client.delete(ServiceAccounts, { name: 'default' })
    expect(await names()).toEqual([])
    await opened.client.update(namespace('default', { metadata: { name: 'default', labels: { a: 'b' } } }))
    expect(await names()).toEqual(['default'])
  })

  test('a store has no namespaces kube-public and kube-node-lease, and no kube-root-ca.crt', async () => {
    const { items } = await opened.client.list(Namespaces)
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['default', 'kube-system'])
    expect((await opened.client.list(ConfigMaps)).items).toEqual([])
  })

  test('serviceaccounts/token is not served', async () => {
    const token = { resource: 'serviceaccounts', namespace: 'default', name: 'default', subresource: 'token' }
    expect(await failure(opened.request({ verb: 'update', ...token }))).toMatchObject({ code: 404 })
  })

  describe('a rule', () => {
    const withRule = (rule: string) => {
      const schema = { ...itemSchema, 'x-kubernetes-validations': [{ rule }] }
      return itemDefinition({ schema: { openAPIV3Schema: schema } })
    }

    test('may not make a value of a well-known type', async () => {
      const refused = await failure(opened.client.create(withRule('google.protobuf.Timestamp{} != null')))
      expect(refused.message).toContain("'google.protobuf.Timestamp' is not a message type")
    })

    test('may ask whether a list includes a value', async () => {
      await opened.client.create(withRule('[1, 2].includes(self.spec.quantity)'))
      await opened.client.create(item('a', { spec: { quantity: 2 } }))
      const refused = await failure(opened.client.create(item('b', { spec: { quantity: 3 } })))
      expect(refused.message).toContain('failed rule: [1, 2].includes(self.spec.quantity)')
    })
  })

  test('a pattern may not name a category of Unicode by its long name', async () => {
    const schema = { type: 'object', properties: { spec: { type: 'string', pattern: '\\p{Letter}' } } }
    const refused = await failure(
      opened.client.create(itemDefinition({ schema: { openAPIV3Schema: schema } })),
    )
    expect(refused.message).toContain('invalid character class range: `\\p{Letter}`')
  })
})
