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

  test('a call without a kind, a key or a patch says what to pass', async () => {
    const { client } = opened
    const [text, nothing] = ['ConfigMap', undefined] as never[]
    const key = { name: 'a' }
    const refused = async (calls: (() => Promise<unknown>)[], message: string) => {
      for (const call of calls) expect(await failure(call())).toMatchObject({ code: 400, message })
    }
    const kinds = 'pass what defineKind makes, or an object with group, version, kind, plural and namespaced'
    await refused(
      [
        () => client.list(text!),
        () => client.get(text!, key),
        () => client.table(text!),
        () => client.metadata.list(text!),
        () => client.deleteCollection(text!),
        () => client.delete(text!, key),
        async () => client.watch(text!),
      ],
      `"ConfigMap" is not a kind: ${kinds}`,
    )
    await refused(
      [() => client.list(nothing!), () => client.get({} as never, key), () => client.delete(nothing!, key)],
      `the kind is missing: ${kinds}`,
    )
    await refused(
      [
        () => client.get(ConfigMaps, nothing!),
        () => client.get(ConfigMaps, 'a' as never),
        () => client.delete(ConfigMaps, nothing!),
        () => client.status.get(ConfigMaps, nothing!),
      ],
      "the object's key is missing: pass it after the kind, such as { name: 'a' }",
    )
    await refused(
      [
        () => client.patch(configMap('a'), nothing!),
        () => client.patch(configMap('a'), { data: {} } as never),
      ],
      'the patch has no type: pass what jsonPatch, mergePatch or strategicMergePatch makes',
    )
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
