import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces } from './kinds.ts'

onEachStore((opened) => {
  test.each([null, undefined, 5, 'text', [], {}, { kind: 'ConfigMap' }, { apiVersion: 'v1', kind: '' }])(
    'an object %j that does not say what it is is refused',
    async (object) => {
      const sent = object as never
      const message = 'the object has no apiVersion and kind: set both, so that its resource can be found'
      expect(await failure(opened.client.create(sent))).toMatchObject({ code: 400, message })
      expect(await failure(opened.client.update(sent))).toMatchObject({ code: 400, message })
      expect(await failure(opened.client.patch(sent, mergePatch({})))).toMatchObject({ code: 400, message })
    },
  )

  test('a kind that nobody serves is named', async () => {
    expect((await failure(opened.client.create(item('a')))).message).toContain(
      'no matches for kind inventory.example.com/v1, Kind=Item: install its CustomResourceDefinition or register the kind first',
    )
  })

  test('an update, a patch and a deletion need a name', async () => {
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }
    for (const write of [
      opened.client.update(nameless),
      opened.client.patch(nameless, mergePatch({})),
      opened.client.delete(nameless),
    ]) {
      expect(await failure(write)).toMatchObject({ code: 400 })
    }
  })

  test('an object names what is deleted', async () => {
    const created = await opened.client.create(configMap('a'))
    expect(await opened.client.delete(created)).toBeUndefined()
    expect(await failure(opened.client.delete(created))).toMatchObject({ code: 404 })
  })

  test('a client works in its namespace, unless a call names one', async () => {
    const client = await opened.runtime.clientFor({ namespace: 'kube-system' })
    expect((await client.create(configMap('a'))).metadata.namespace).toBe('kube-system')
    expect((await client.get(ConfigMaps, { name: 'a' })).metadata.namespace).toBe('kube-system')
    expect(await failure(client.get(ConfigMaps, { name: 'a', namespace: 'default' }))).toMatchObject({
      code: 404,
    })
    expect(await client.get(Namespaces, { name: 'default' })).toBeDefined()
  })

  test('a call that is aborted before it starts does nothing', async () => {
    const signal = AbortSignal.abort()
    await expect(opened.client.create(configMap('a'), { signal })).rejects.toThrow(/aborted/)
    expect((await opened.client.list(ConfigMaps)).items).toEqual([])
  })

  describe('what comes out may be changed', () => {
    test('without changing what is stored', async () => {
      const created = await opened.client.create(configMap('a', { data: { x: '1' } }))
      created.data!.x = 'changed'
      const read = await opened.client.get(ConfigMaps, { name: 'a' })
      expect(read.data).toEqual({ x: '1' })
      read.metadata.labels = { changed: 'yes' }
      const [listed] = (await opened.client.list(ConfigMaps)).items
      expect(listed?.metadata).not.toHaveProperty('labels')
      listed!.data = {}
      expect((await opened.client.get(ConfigMaps, { name: 'a' })).data).toEqual({ x: '1' })
    })

    test('and so may what went in', async () => {
      await opened.client.create(itemDefinition())
      const sent = item('a', { spec: { quantity: 1 } })
      await opened.client.create(sent)
      sent.spec!.quantity = 9
      expect((await opened.client.get(Items, { name: 'a' })).spec?.quantity).toBe(1)
    })
  })
})
