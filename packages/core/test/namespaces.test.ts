import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import {
  ConfigMaps,
  configMap,
  Items,
  item,
  itemDefinition,
  Namespaces,
  namespace,
  ServiceAccounts,
} from './kinds.ts'

const hold = 'example.com/hold'

onEachStore((opened) => {
  const inA = (name: string, finalizers?: string[]) =>
    configMap(name, { metadata: { name, namespace: 'a', ...(finalizers && { finalizers }) } })

  test('a store starts with default and kube-system', async () => {
    const { items } = await opened.client.list(Namespaces)
    expect(items.map(({ metadata, status }) => [metadata.name, status])).toEqual([
      ['default', { phase: 'Active' }],
      ['kube-system', { phase: 'Active' }],
    ])
  })

  test('a new one is Active, has the finalizer of its content, its name as a label, and no generation', async () => {
    const created = await opened.client.create(
      namespace('a', { metadata: { name: 'a', labels: { team: 'x' } } }),
    )
    expect(created).toMatchObject({
      metadata: { labels: { team: 'x', 'kubernetes.io/metadata.name': 'a' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    expect(created.metadata).not.toHaveProperty('generation')
  })

  test('has a ServiceAccount default', async () => {
    await opened.client.create(namespace('a'))
    const accounts = await opened.client.list(ServiceAccounts)
    expect(accounts.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'a/default',
      'default/default',
      'kube-system/default',
    ])
    expect(accounts.items[0]?.metadata).toMatchObject({
      uid: expect.any(String),
      creationTimestamp: expect.any(String),
    })
  })

  test('the name is a DNS label', async () => {
    const status = await failure(opened.client.create(namespace('a.b')))
    expect(status.message).toBe(
      'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
    )
  })

  test('deletion takes all content along, of every kind', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(namespace('a'))
    await opened.client.create(inA('x'))
    await opened.client.create(item('y', { metadata: { name: 'y', namespace: 'a' } }))
    await opened.client.create(configMap('z'))
    expect(await opened.client.delete(Namespaces, { name: 'a' })).toBeUndefined()
    expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
    expect((await opened.client.list(ConfigMaps)).items.map(({ metadata }) => metadata.name)).toEqual(['z'])
    expect((await opened.client.list(Items)).items).toEqual([])
    await opened.client.create(namespace('a'))
    expect((await opened.client.list(ConfigMaps, { namespace: 'a' })).items).toEqual([])
  })

  test('what finalizers hold keeps a namespace terminating, and the last of it ends it', async () => {
    await opened.client.create(namespace('a'))
    await opened.client.create(inA('x', [hold]))
    await opened.client.create(inA('y'))
    const terminating = await opened.client.delete(Namespaces, { name: 'a' })
    expect(terminating).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
      status: { phase: 'Terminating' },
    })
    expect((await opened.client.list(ConfigMaps, { namespace: 'a' })).items).toHaveLength(1)
    await opened.client.patch(inA('x'), mergePatch({ metadata: { finalizers: null } }))
    expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  test('nothing can be created in one that is terminating, and updates go on', async () => {
    await opened.client.create(namespace('a'))
    await opened.client.create(inA('x', [hold]))
    await opened.client.delete(Namespaces, { name: 'a' })
    expect(await failure(opened.client.create(inA('new')))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'configmaps "new" is forbidden: unable to create new content in namespace a because it is being terminated',
      details: {
        name: 'new',
        kind: 'configmaps',
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: 'namespace a is being terminated',
            field: 'metadata.namespace',
          },
        ],
      },
    })
    const unnamed = { ...inA(''), metadata: { namespace: 'a', generateName: 'new-' } }
    expect((await failure(opened.client.create(unnamed))).message).toContain(
      'configmaps "new-" is forbidden: ',
    )
    expect((await opened.client.update({ ...inA('x', [hold]), data: { a: 'b' } })).data).toEqual({ a: 'b' })
  })

  test('a finalizer of the namespace itself holds it', async () => {
    await opened.client.create(namespace('a', { metadata: { name: 'a', finalizers: [hold] } }))
    await opened.client.create(inA('x'))
    expect((await opened.client.delete(Namespaces, { name: 'a' }))?.metadata.finalizers).toEqual([hold])
    expect((await opened.client.list(ConfigMaps, { namespace: 'a' })).items).toEqual([])
    await opened.client.patch(namespace('a'), mergePatch({ metadata: { finalizers: null } }))
    expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  test('a finalizer of the namespace that goes first leaves it to its content', async () => {
    await opened.client.create(namespace('a', { metadata: { name: 'a', finalizers: [hold] } }))
    await opened.client.create(inA('x', [hold]))
    await opened.client.delete(Namespaces, { name: 'a' })
    await opened.client.patch(namespace('a'), mergePatch({ metadata: { finalizers: null } }))
    expect(await opened.client.get(Namespaces, { name: 'a' })).toMatchObject({
      status: { phase: 'Terminating' },
    })
    await opened.client.patch(inA('x'), mergePatch({ metadata: { finalizers: null } }))
    expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  test.each(['Foreground', 'Orphan'] as const)(
    'propagation %s leaves a namespace to its content',
    async (propagationPolicy) => {
      await opened.client.create(namespace('a'))
      await opened.client.create(inA('x', [hold]))
      expect(await opened.client.delete(Namespaces, { name: 'a' }, { propagationPolicy })).toBeDefined()
      expect((await opened.client.list(ConfigMaps, { namespace: 'a' })).items).toHaveLength(1)
      expect(await opened.client.get(Namespaces, { name: 'a' })).toMatchObject({
        status: { phase: 'Terminating' },
      })
      await opened.client.patch(inA('x'), mergePatch({ metadata: { finalizers: null } }))
      expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
    },
  )

  test.each(['default', 'kube-system', 'kube-public'])('%s may not be deleted', async (name) => {
    const { message, code } = await failure(opened.client.delete(Namespaces, { name }))
    expect([code, message]).toEqual([
      403,
      `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    ])
  })

  test('an update cannot take the finalizer of the content off', async () => {
    const created = await opened.client.create(namespace('a'))
    const updated = await opened.client.update({ ...created, spec: { finalizers: [] } })
    expect(updated.spec).toEqual({ finalizers: ['kubernetes'] })
  })

  describe('finalize', () => {
    const finalizer = () => opened.client.subresource('finalize')

    test('replaces the finalizers of the specification and leaves the status', async () => {
      const created = await opened.client.create(namespace('a'))
      const finalizers = ['kubernetes', hold]
      const status = { phase: 'Terminating' }
      const updated = await finalizer().update({ ...created, spec: { finalizers }, status })
      expect(updated).toMatchObject({ spec: { finalizers }, status: { phase: 'Active' } })
      expect(await opened.client.get(Namespaces, { name: 'a' })).toEqual(updated)
    })

    test('taking the last off removes a namespace that is being deleted, whatever is left in it', async () => {
      await opened.client.create(namespace('a'))
      await opened.client.create(inA('x', [hold]))
      const terminating = await opened.client.delete(Namespaces, { name: 'a' })
      await finalizer().update({ ...terminating!, spec: { finalizers: [] } })
      expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
      expect(await opened.client.get(ConfigMaps, { namespace: 'a', name: 'x' })).toBeDefined()
    })

    test('a namespace that nobody deletes stays without any', async () => {
      const created = await opened.client.create(namespace('a'))
      await finalizer().update({ ...created, spec: { finalizers: [] } })
      expect((await opened.client.get(Namespaces, { name: 'a' })).status).toEqual({ phase: 'Active' })
    })

    test('finalizers have qualified names', async () => {
      const created = await opened.client.create(namespace('a'))
      const update = finalizer().update({ ...created, spec: { finalizers: ['hold'] } })
      expect((await failure(update)).message).toBe(
        'Namespace "a" is invalid: spec.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
      )
    })

    test('is neither read nor patched, and no other kind has it', async () => {
      const notAllowed = {
        code: 405,
        message: 'the server does not allow this method on the requested resource',
      }
      expect(await failure(finalizer().get(Namespaces, { name: 'default' }))).toMatchObject(notAllowed)
      const patch = finalizer().patch(namespace('default'), mergePatch({ spec: { finalizers: [] } }))
      expect(await failure(patch)).toMatchObject(notAllowed)
      expect(await failure(finalizer().update(configMap('x')))).toMatchObject({ code: 404 })
    })
  })

  test('owners and dependents in a namespace that is deleted are no obstacle', async () => {
    await opened.client.create(namespace('a'))
    const owner = await opened.client.create(inA('owner'))
    for (const name of ['x', 'y', 'z']) {
      const ownerReferences = [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'owner',
          uid: owner.metadata.uid!,
          blockOwnerDeletion: true,
        },
      ]
      await opened.client.create(configMap(name, { metadata: { name, namespace: 'a', ownerReferences } }))
    }
    expect(
      await opened.client.delete(Namespaces, { name: 'a' }, { propagationPolicy: 'Foreground' }),
    ).toBeUndefined()
    expect((await opened.client.list(ConfigMaps)).items).toEqual([])
  })

  test('creates that race with the deletion leave nothing behind', async () => {
    for (let round = 0; round < 5; round++) {
      await opened.client.create(namespace('a'))
      const creating = Array.from({ length: 40 }, (_, index) => opened.client.create(inA(`x${index}`)))
      const [, ...results] = await Promise.allSettled([
        opened.client.delete(Namespaces, { name: 'a' }),
        ...creating,
      ])
      for (const result of results) {
        if (result.status === 'rejected') expect([403, 404]).toContain(result.reason.code)
      }
      expect((await opened.client.list(ConfigMaps, { namespace: 'a' })).items).toEqual([])
      expect((await opened.client.list(ServiceAccounts, { namespace: 'a' })).items).toEqual([])
      expect(await failure(opened.client.get(Namespaces, { name: 'a' }))).toMatchObject({ code: 404 })
    }
  })
})
