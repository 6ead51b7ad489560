import { isStatusError } from '@k1s/apimachinery'
import { type Client, createRuntime, type Verb } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { apiRequest, failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces, namespace } from './kinds.ts'

onEachStore((opened) => {
  describe('two tenants of one store', () => {
    const open = async (): Promise<[Client, Client]> => [
      await opened.runtime.clientFor({ tenant: 'a' }),
      await opened.runtime.clientFor({ tenant: 'a-b' }),
    ]

    test('do not see each other', async () => {
      const [a, b] = await open()
      await a.create(configMap('x', { data: { of: 'a' } }))
      expect(await failure(b.get(ConfigMaps, { name: 'x' }))).toMatchObject({ code: 404 })
      expect((await b.list(ConfigMaps)).items).toEqual([])
      expect((await b.list(ConfigMaps, { fieldSelector: 'metadata.name=x' })).items).toEqual([])
      expect(await failure(b.delete(ConfigMaps, { name: 'x' }))).toMatchObject({ code: 404 })
      expect((await b.deleteCollection(ConfigMaps)).items).toEqual([])
      await a.get(ConfigMaps, { name: 'x' })
    })

    test('do not collide', async () => {
      const [a, b] = await open()
      await a.create(configMap('x', { data: { of: 'a' } }))
      await b.create(configMap('x', { data: { of: 'b' } }))
      expect((await a.get(ConfigMaps, { name: 'x' })).data).toEqual({ of: 'a' })
      await a.create(namespace('n'))
      await b.create(namespace('n'))
      await b.create(configMap('y', { metadata: { name: 'y', namespace: 'n' } }))
      await a.delete(Namespaces, { name: 'n' })
      expect((await b.list(ConfigMaps, { namespace: 'n' })).items).toHaveLength(1)
    })

    test('do not watch each other', async () => {
      const [a, b] = await open()
      const seen: unknown[] = []
      const abort = new AbortController()
      const watching = (async () => {
        for await (const { object } of b.watch(ConfigMaps, { signal: abort.signal })) {
          seen.push(object.metadata)
          abort.abort()
        }
      })()
      await a.create(configMap('x'))
      await b.create(configMap('y'))
      await watching
      expect(seen).toMatchObject([{ name: 'y' }])
    })

    test('have kinds of their own', async () => {
      const [a, b] = await open()
      await a.create(itemDefinition())
      await a.create(item('x'))
      expect(await failure(b.list(Items))).toMatchObject({ code: 404 })
      await b.create(itemDefinition({ schema: { openAPIV3Schema: { type: 'object' } } }))
      expect((await b.list(Items)).items).toEqual([])
    })

    test('own nothing of each other', async () => {
      const [a, b] = await open()
      const owner = await a.create(configMap('owner'))
      const ownerReferences = [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! },
      ]
      await a.create(configMap('mine', { metadata: { name: 'mine', ownerReferences } }))
      await b.create(configMap('owner'))
      await b.create(configMap('theirs'))
      await a.delete(ConfigMaps, { name: 'owner' })
      expect((await a.list(ConfigMaps)).items).toEqual([])
      expect((await b.list(ConfigMaps)).items).toHaveLength(2)
    })

    test('each have namespaces from their first object on', async () => {
      const [a, b] = await open()
      await a.create(configMap('x'))
      expect((await a.list(Namespaces)).items.map(({ metadata }) => metadata.name)).toEqual([
        'default',
        'kube-system',
      ])
      expect((await b.list(Namespaces)).items).toEqual([])
    })

    test('leave nothing behind where they only read, or change what is not there', async () => {
      const before = await opened.client.list(Namespaces)
      const [a] = await open()
      expect((await a.list(ConfigMaps)).items).toEqual([])
      expect(await failure(a.get(Namespaces, { name: 'default' }))).toMatchObject({ code: 404 })
      expect(await failure(a.delete(ConfigMaps, { name: 'x' }))).toMatchObject({ code: 404 })
      expect((await opened.client.list(Namespaces)).metadata).toEqual(before.metadata)
    })

    test('a continue token of one shows nothing of the other', async () => {
      const [a, b] = await open()
      await a.create(configMap('x'))
      await a.create(configMap('y'))
      const page = await a.list(ConfigMaps, { limit: 1 })
      const { items } = await b.list(ConfigMaps, { limit: 1, continue: page.metadata.continue! })
      expect(items).toEqual([])
    })
  })

  describe('hostile names', () => {
    const hostile = [
      '',
      '.',
      '..',
      '/',
      'a/b',
      '../b',
      '%2f',
      'a%2fb',
      '\u0000',
      'a\u0000b',
      '\n',
      'x'.repeat(10_000),
      'ü',
      '名前',
      '💥',
      '\ud800',
      'A',
      'a b',
      '-',
      'a\\b',
      '/../../a-b/configmaps/default/x',
    ]
    const verbs: Verb[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']

    /** The code and message that a request is refused with; the answer if it is not. */
    async function answerOf(request: Parameters<typeof apiRequest>[0]) {
      try {
        if (request.verb === 'watch') {
          const signal = AbortSignal.timeout(20)
          const events = []
          for await (const event of opened.runtime.transport.watch(apiRequest({ ...request, signal })))
            events.push(event)
          return { code: 200, message: '', body: { items: events } }
        }
        const { code, body } = await opened.request(request)
        return { code, message: '', body }
      } catch (error) {
        if (!isStatusError(error)) throw error
        return { code: error.code, message: error.message, body: undefined }
      }
    }

    const bodyOf = (name: string, inNamespace: string) =>
      configMap(name, { metadata: { name, namespace: inNamespace } })

    test.each(verbs)('as tenants are refused: %s', async (verb) => {
      for (const tenant of hostile) {
        const place = {
          resource: 'configmaps',
          namespace: 'default',
          name: 'a',
          body: bodyOf('a', 'default'),
        }
        const { code, message } = await answerOf({
          verb,
          tenant,
          ...place,
          patchType: 'application/merge-patch+json',
        })
        expect([tenant.slice(0, 50), code]).toEqual([tenant.slice(0, 50), 400])
        expect(message).toMatch(/^invalid tenant /)
        expect(message.length).toBeLessThan(1000)
        expect(await failure(opened.runtime.clientFor({ tenant }))).toMatchObject({ code: 400 })
      }
    })

    test.each(verbs)('as namespaces find nothing: %s', async (verb) => {
      await opened.client.create(configMap('a'))
      for (const name of hostile) {
        const place = {
          resource: 'configmaps',
          namespace: name,
          ...(verb !== 'list' && verb !== 'create' && { name: 'a' }),
        }
        const { code, message, body } = await answerOf({
          verb,
          ...place,
          body: bodyOf('a', name),
          patchType: 'application/merge-patch+json',
        })
        if (body !== undefined) expect(body).toMatchObject({ items: [] })
        else expect([400, 404, 422]).toContain(code)
        expect(message.length).toBeLessThan(2000)
      }
      await opened.client.get(ConfigMaps, { name: 'a' })
    })

    test.each(verbs)('as names find nothing: %s', async (verb) => {
      await opened.client.create(configMap('keep'))
      for (const name of hostile) {
        const place = {
          resource: 'configmaps',
          namespace: 'default',
          ...(verb !== 'create' && verb !== 'deletecollection' && { name }),
        }
        if (verb === 'list' || verb === 'deletecollection') continue
        const { code, message, body } = await answerOf({
          verb,
          ...place,
          body: bodyOf(name, 'default'),
          patchType: 'application/merge-patch+json',
        })
        if (body !== undefined) expect(body).toMatchObject({ items: [] })
        else expect([400, 404, 422]).toContain(code)
        expect(message).not.toBe('undefined')
      }
      expect((await opened.client.list(ConfigMaps)).items).toHaveLength(1)
    })

    test.each(verbs)('as resources are not served: %s', async (verb) => {
      for (const resource of [...hostile, 'constructor', '__proto__', 'toString']) {
        const place = { resource, namespace: 'default', name: 'a' }
        const { code } = await answerOf({
          verb,
          ...place,
          body: bodyOf('a', 'default'),
          patchType: 'application/merge-patch+json',
        })
        expect([400, 404]).toContain(code)
      }
    })

    test('in new objects are refused with the field', async () => {
      for (const name of hostile) {
        expect(await failure(opened.client.create(configMap(name)))).toMatchObject({
          code: 422,
          reason: 'Invalid',
        })
        expect(await failure(opened.client.create(namespace(name)))).toMatchObject({
          code: 422,
          reason: 'Invalid',
        })
      }
    })
  })

  test('a resource is found by its group and name, not by a text that both make', async () => {
    await opened.client.create(itemDefinition())
    for (const [group, resource] of [
      ['', 'items.inventory.example.com'],
      ['example.com', 'items.inventory'],
    ] as const) {
      expect(await failure(opened.request({ verb: 'list', group, resource }))).toMatchObject({ code: 404 })
    }
  })
})

test('a new store starts with the namespaces of the tenant that opens it', async () => {
  await using runtime = await createRuntime({ storage: { type: 'memory' }, tenant: 'demo' })
  expect((await runtime.client.list(Namespaces)).items).toHaveLength(2)
})

test('a tenant that is no DNS label cannot be opened', async () => {
  const open = createRuntime({ storage: { type: 'memory' }, tenant: 'Not/One' })
  expect(await failure(open)).toMatchObject({
    code: 400,
    message: expect.stringContaining('invalid tenant "Not/One"'),
  })
})
