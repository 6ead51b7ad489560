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
  Secrets,
  secret,
} from './kinds.ts'

onEachStore((opened) => {
  const create = async (...names: string[]) => {
    for (const name of names)
      await opened.client.create(configMap(name, { metadata: { name, labels: { app: name } } }))
  }
  const names = async (options: Parameters<typeof opened.client.list>[1] = {}) =>
    (await opened.client.list(ConfigMaps, options)).items.map(({ metadata }) => metadata.name)

  test('answers with a list of the kind, in the order of names, and its revision', async () => {
    await create('b', 'a')
    const list = await opened.client.list(ConfigMaps, { namespace: 'default' })
    const { resourceVersion } = await opened.client
      .get(ConfigMaps, { name: 'a' })
      .then(({ metadata }) => metadata)
    expect(list).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion } })
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
    expect(list.metadata).toEqual({ resourceVersion })
  })

  test('a namespace covers nothing of one whose name it begins', async () => {
    for (const name of ['a', 'a-b', 'a.b'.replace('.', '-x')]) {
      await opened.client.create(namespace(name))
      await opened.client.create(configMap('x', { metadata: { name: 'x', namespace: name } }))
    }
    const { items } = await opened.client.list(ConfigMaps, { namespace: 'a' })
    expect(items.map(({ metadata }) => metadata.namespace)).toEqual(['a'])
  })

  test('of a namespace that does not exist is empty', async () => {
    expect(await names({ namespace: 'nowhere' })).toEqual([])
  })

  test.each([
    ['app=a', ['a']],
    ['app==a', ['a']],
    ['app!=a', ['b', 'c']],
    ['app in (a,b)', ['a', 'b']],
    ['app notin (a,b)', ['c']],
    ['app', ['a', 'b', 'c']],
    ['!app', []],
    ['app,app!=b', ['a', 'c']],
    ['', ['a', 'b', 'c']],
  ])('label selector %j', async (labelSelector, expected) => {
    await create('a', 'b', 'c')
    expect(await names({ labelSelector })).toEqual(expected)
  })

  test.each([
    ['metadata.name=a', ['a']],
    ['metadata.name==a', ['a']],
    ['metadata.name!=a', ['b']],
    ['metadata.namespace=default', ['a', 'b']],
    ['metadata.namespace=other', []],
    ['metadata.name=a,metadata.name=b', []],
  ])('field selector %j', async (fieldSelector, expected) => {
    await create('a', 'b')
    expect(await names({ fieldSelector })).toEqual(expected)
  })

  test('label and field selectors hold together', async () => {
    await create('a', 'b')
    expect(await names({ labelSelector: 'app=a', fieldSelector: 'metadata.name=b' })).toEqual([])
  })

  test('selectors that cannot be read are refused', async () => {
    const labels = await failure(names({ labelSelector: 'a b' }))
    expect(labels).toMatchObject({ code: 400, reason: 'BadRequest' })
    const fields = await failure(names({ fieldSelector: 'metadata.name' }))
    expect(fields).toMatchObject({
      code: 400,
      message: "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    })
  })

  test('a field that the kind cannot select by is refused', async () => {
    expect(await failure(names({ fieldSelector: 'data.x=y' }))).toMatchObject({
      code: 400,
      message: '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    })
  })

  test('namespaces are selected by phase and secrets by type', async () => {
    await opened.client.create(secret('plain'))
    await opened.client.create(secret('special', { type: 'example.com/special' }))
    const secrets = await opened.client.list(Secrets, { fieldSelector: 'type=example.com/special' })
    expect(secrets.items.map(({ metadata }) => metadata.name)).toEqual(['special'])
    expect(
      (await opened.client.list(Namespaces, { fieldSelector: 'status.phase=Active' })).items,
    ).toHaveLength(2)
    expect(
      (await opened.client.list(Namespaces, { fieldSelector: 'status.phase=Terminating' })).items,
    ).toEqual([])
  })

  test('custom resources are selected by the fields that their definition names', async () => {
    await opened.client.create(
      itemDefinition({ selectableFields: [{ jsonPath: '.spec.quantity' }, { jsonPath: '.spec.color' }] }),
    )
    await opened.client.create(item('a', { spec: { quantity: 1 } }))
    await opened.client.create(item('b', { spec: { quantity: 2, color: 'red' } }))
    const select = async (fieldSelector: string) =>
      (await opened.client.list(Items, { fieldSelector })).items.map(({ metadata }) => metadata.name)
    expect(await select('spec.quantity=2')).toEqual(['b'])
    expect(await select('spec.color!=red')).toEqual(['a'])
    expect(await select('spec.color=grey,spec.quantity=1')).toEqual(['a'])
    expect((await failure(select('spec.tags=x'))).message).toContain('field label not supported: spec.tags')
  })

  describe('in pages', () => {
    test('shows each object once, all of one revision, whatever is written between', async () => {
      await create('a', 'b', 'c', 'd', 'e')
      const first = await opened.client.list(ConfigMaps, { limit: 2 })
      expect(first.metadata.remainingItemCount).toBe(3)
      await opened.client.delete(ConfigMaps, { name: 'c' })
      await create('ca')
      const seen = [...first.items]
      let next = first.metadata.continue
      while (next) {
        const page = await opened.client.list(ConfigMaps, { limit: 2, continue: next })
        expect(page.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
        seen.push(...page.items)
        next = page.metadata.continue
      }
      expect(seen.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    test('of a selector does not say how many remain', async () => {
      await create('a', 'b', 'c')
      const page = await opened.client.list(ConfigMaps, { limit: 1, labelSelector: 'app!=b' })
      expect(page.metadata).not.toHaveProperty('remainingItemCount')
      const rest = await opened.client.list(ConfigMaps, {
        continue: page.metadata.continue!,
        labelSelector: 'app!=b',
      })
      expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['c'])
    })

    test('ends without a token', async () => {
      await create('a', 'b')
      expect((await opened.client.list(ConfigMaps, { limit: 2 })).metadata.continue).toBeUndefined()
    })

    test('a token that is none is refused', async () => {
      const status = await failure(opened.client.list(ConfigMaps, { limit: 1, continue: 'x' }))
      expect(status).toMatchObject({
        code: 400,
        message: expect.stringContaining('continue key is not valid'),
      })
    })

    test('a token and a resourceVersion are too much', async () => {
      await create('a', 'b')
      const { metadata } = await opened.client.list(ConfigMaps, { limit: 1 })
      const both = opened.client.list(ConfigMaps, { continue: metadata.continue!, resourceVersion: '3' })
      expect((await failure(both)).message).toBe(
        'specifying resource version is not allowed when using continue',
      )
    })

    test('a negative limit is none, as in Kubernetes', async () => {
      await create('a', 'b')
      const { items, metadata } = await opened.client.list(ConfigMaps, { limit: -1 })
      expect(items.map((object) => object.metadata.name)).toEqual(['a', 'b'])
      expect(metadata.continue).toBeUndefined()
    })

    test.each([1.5, Number.NaN])('a limit of %s is refused', async (limit) => {
      expect(await failure(opened.client.list(ConfigMaps, { limit }))).toMatchObject({ code: 400 })
    })
  })

  describe('at a resourceVersion', () => {
    test('Exact is the past', async () => {
      await create('a')
      const { metadata } = await opened.client.list(ConfigMaps)
      await create('b')
      const at = { resourceVersion: metadata.resourceVersion!, resourceVersionMatch: 'Exact' } as const
      const list = await opened.client.list(ConfigMaps, at)
      expect(list.items.map((object) => object.metadata.name)).toEqual(['a'])
      expect(list.metadata.resourceVersion).toBe(metadata.resourceVersion)
    })

    test('NotOlderThan is now', async () => {
      await create('a')
      const { metadata } = await opened.client.list(ConfigMaps)
      await create('b')
      const at = { resourceVersion: metadata.resourceVersion!, resourceVersionMatch: 'NotOlderThan' } as const
      expect(await names(at)).toEqual(['a', 'b'])
    })

    test('of the future is a timeout that says so', async () => {
      const status = await failure(opened.client.list(ConfigMaps, { resourceVersion: '1000000' }))
      expect(status).toMatchObject({
        code: 504,
        reason: 'Timeout',
        message: expect.stringMatching(/^Timeout: Too large resource version: 1000000, current: \d+$/),
        details: {
          retryAfterSeconds: 1,
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        },
      })
      expect(
        await failure(opened.client.get(ConfigMaps, { name: 'a' }, { resourceVersion: '1000000' })),
      ).toMatchObject({
        code: 504,
      })
    })

    test('resourceVersionMatch needs a resourceVersion', async () => {
      expect((await failure(opened.client.list(ConfigMaps, { resourceVersionMatch: 'Exact' }))).message).toBe(
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      )
    })

    test.each(['abc', '-1'])('%s is none', async (resourceVersion) => {
      expect(await failure(opened.client.list(ConfigMaps, { resourceVersion }))).toMatchObject({ code: 400 })
    })
  })
})
