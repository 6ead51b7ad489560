import { isNotFound, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { type FakeSetup, fakeFactory } from '../../test/fake-factory.ts'
import { configMap, item, namespace } from '../../test/fake-transport.ts'
import type { Builder } from './builder.ts'

const objects = [
  configMap('a'),
  configMap('b', 'default', { app: 'web' }),
  configMap('c', 'shop'),
  item('laptop'),
  item('phone', {}, 'shop'),
  namespace('default'),
  namespace('shop'),
]

function setUp(setup: FakeSetup = {}) {
  const fake = fakeFactory({ objects: structuredClone(objects), ...setup })
  const builder = fake.factory.newBuilder().namespaceParam('default').defaultNamespace()
  return { ...fake, builder }
}

async function names(builder: Builder): Promise<string[]> {
  const infos = await builder.flatten().do().infos()
  return infos.map(({ mapping, namespace, name }) => `${mapping.plural}/${namespace}/${name}`)
}

async function errorOf(builder: Builder): Promise<string> {
  const { error } = await builder.do().infosAndError()
  return error?.message ?? 'no error'
}

describe('arguments', () => {
  test.each([
    [['cm'], ['configmaps/default/a', 'configmaps/default/b']],
    [['cm', 'a'], ['configmaps/default/a']],
    [
      ['cm', 'b', 'a'],
      ['configmaps/default/b', 'configmaps/default/a'],
    ],
    [['cm,items'], ['configmaps/default/a', 'configmaps/default/b', 'items/default/laptop']],
    [
      ['cm/a', 'item/laptop'],
      ['configmaps/default/a', 'items/default/laptop'],
    ],
    [['ConfigMap/a'], ['configmaps/default/a']],
    [['all'], ['items/default/laptop']],
    [['ns', 'shop'], ['namespaces//shop']],
  ])('%j find %j', async (args, expected) => {
    expect(await names(setUp().builder.resourceTypeOrNameArgs(true, args))).toEqual(expected)
  })

  test('type,type name asks for the name of each type', async () => {
    const { builder, transport } = setUp({ objects: [configMap('x'), item('x')] })
    expect(await names(builder.resourceTypeOrNameArgs(true, ['cm,items', 'x']))).toEqual([
      'configmaps/default/x',
      'items/default/x',
    ])
    expect(transport.requests.map(({ verb }) => verb)).toEqual(['get', 'get'])
  })

  test('a type that is given twice is listed once', async () => {
    expect(await names(setUp().builder.resourceTypeOrNameArgs(true, ['items,item,it']))).toEqual([
      'items/default/laptop',
    ])
  })

  test.each([
    [
      ['cm', 'a', 'cm/b'],
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'k1s get resource/<resource_name>' instead of 'k1s get resource resource/<resource_name>'",
    ],
    [['cm/a/b'], 'arguments in resource/name form may not have more than one slash'],
    [['cm/'], 'arguments in resource/name form must have a single resource and name'],
    [['cm'], 'resource(s) were provided, but no name was specified'],
    [['itemz', 'x'], 'the server doesn\'t have a resource type "itemz"\nDid you mean "items"?'],
  ])('%j fails with %j', async (args, message) => {
    expect(await errorOf(setUp().builder.resourceTypeOrNameArgs(false, args))).toBe(message)
  })

  test('no arguments at all say what can be given', async () => {
    expect(await errorOf(setUp().builder)).toMatch(
      /^You must provide one or more resources by argument or filename\.\n/,
    )
  })

  test('a name across all namespaces is refused', async () => {
    const builder = setUp().builder.allNamespaces(true).resourceTypeOrNameArgs(true, ['cm', 'a'])
    expect(await errorOf(builder)).toBe('a resource cannot be retrieved by name across all namespaces')
  })

  test('several types are refused where one is wanted', async () => {
    const builder = setUp().builder.singleResourceType().resourceTypeOrNameArgs(true, ['cm,items'])
    expect(await errorOf(builder)).toBe('you may only specify a single resource type')
  })

  test('an object that is missing in a namespace that is missing reports the namespace', async () => {
    const { builder } = setUp()
    const message = await errorOf(builder.namespaceParam('nope').resourceTypeOrNameArgs(true, ['cm', 'a']))
    expect(message).toBe('namespaces "nope" not found')
  })

  test('with continueOnError what exists is found and the rest reported', async () => {
    const { builder } = setUp()
    const result = builder.continueOnError().resourceTypeOrNameArgs(true, ['cm', 'x', 'a', 'y']).do()
    const { infos, error } = await result.infosAndError()
    expect(infos.map(({ name }) => name)).toEqual(['a'])
    expect((error as AggregateError).errors.map((e: Error) => e.message)).toEqual([
      'configmaps "x" not found',
      'configmaps "y" not found',
    ])
  })

  test('ignored errors are left out', async () => {
    const { builder } = setUp()
    const result = builder.continueOnError().resourceTypeOrNameArgs(true, ['cm', 'x', 'a']).do()
    expect((await result.ignoreErrors(isNotFound).infos()).map(({ name }) => name)).toEqual(['a'])
  })

  test('objects are not read when they are not required', async () => {
    const { builder, transport } = setUp()
    const infos = await builder.requireObject(false).resourceTypeOrNameArgs(true, ['cm', 'x']).do().infos()
    expect(infos[0]).toMatchObject({ name: 'x', namespace: 'default', object: undefined })
    expect(transport.requests).toEqual([])
  })
})

describe('selectors', () => {
  test('pages are put together', async () => {
    const many = Array.from({ length: 5 }, (_, index) => configMap(`cm-${index}`))
    const { builder, transport } = setUp({ objects: many })
    expect(await names(builder.requestChunksOf(2).resourceTypeOrNameArgs(true, ['cm']))).toHaveLength(5)
    expect(transport.requests.map(({ options }) => options.continue)).toEqual([undefined, '2', '4'])
  })

  test('rows have whole objects if they are asked for', async () => {
    const { builder, transport } = setUp()
    await builder.resourceTypeOrNameArgs(true, ['cm']).asTable(true, { includeObject: true }).do().infos()
    expect(transport.requests[0]?.options).toEqual({ as: 'Table', includeObject: 'Object' })
  })

  test('the request carries selectors, namespace, tenant and user', async () => {
    const { builder, transport } = setUp({ flags: { tenant: 'blue' } })
    await builder
      .labelSelectorParam(' app=web ')
      .fieldSelectorParam('metadata.name=b')
      .resourceTypeOrNameArgs(true, ['cm'])
      .asTable()
      .do()
      .infos()
    expect(transport.requests).toEqual([
      {
        verb: 'list',
        tenant: 'blue',
        user: { name: 'ann' },
        group: '',
        version: 'v1',
        resource: 'configmaps',
        namespace: 'default',
        options: {
          labelSelector: 'app=web',
          fieldSelector: 'metadata.name=b',
          as: 'Table',
        },
      },
    ])
  })

  test('all namespaces are asked for without a namespace', async () => {
    const { builder } = setUp()
    expect(await names(builder.allNamespaces(true).resourceTypeOrNameArgs(true, ['cm']))).toEqual([
      'configmaps/default/a',
      'configmaps/default/b',
      'configmaps/shop/c',
    ])
  })

  test.each([
    [['cm', 'a'], 'name cannot be provided when a selector is specified'],
    [['cm/a'], 'selectors and the all flag cannot be used when passing resource/name arguments'],
    [[], 'at least one resource must be specified to use a selector'],
  ])('with %j a selector fails with %j', async (args, message) => {
    const { builder } = setUp()
    expect(await errorOf(builder.labelSelectorParam('a=b').resourceTypeOrNameArgs(true, args))).toBe(message)
  })

  test('the server sends warnings through the factory', async () => {
    const { builder, transport, streams } = setUp()
    transport.warnings = ['v1beta1 is deprecated']
    await builder.resourceTypeOrNameArgs(true, ['cm,items']).do().infos()
    expect(streams.err.text).toBe('Warning: v1beta1 is deprecated\n')
  })

  test('one list can be watched, two cannot', async () => {
    const { builder, transport } = setUp()
    transport.events = [{ type: 'ADDED', object: item('new') }]
    const result = builder.resourceTypeOrNameArgs(true, ['items']).do()
    const events = []
    for await (const event of await result.watch({ resourceVersion: '7' })) events.push(event)
    expect(events).toEqual(transport.events)
    expect(transport.requests.at(-1)).toMatchObject({ verb: 'watch', options: { resourceVersion: '7' } })
    const two = setUp().builder.resourceTypeOrNameArgs(true, ['items,cm']).do()
    await expect(two.watch({})).rejects.toThrow(
      'you may only watch a single resource or type of resource at a time',
    )
  })

  test('one named object is watched by its name', async () => {
    const { builder, transport } = setUp()
    transport.events = [{ type: 'DELETED', object: item('laptop') }]
    const result = builder.resourceTypeOrNameArgs(true, ['item', 'laptop']).do()
    for await (const { type } of await result.watch({ resourceVersion: '0' })) expect(type).toBe('DELETED')
    expect(transport.requests.at(-1)?.options.fieldSelector).toBe('metadata.name=laptop')
  })
})

describe('results', () => {
  test('one object that was named comes alone, several come as a v1 List', async () => {
    const one = setUp().builder.resourceTypeOrNameArgs(true, ['cm', 'a']).do()
    expect((await one.object()).kind).toBe('ConfigMap')
    expect(one).toMatchObject({ singleItemImplied: true, targetsSingleItems: true })
    const two = setUp().builder.resourceTypeOrNameArgs(true, ['cm', 'a', 'b']).do()
    expect(await two.object()).toMatchObject({ kind: 'List', apiVersion: 'v1', items: [{}, {}] })
    expect(two.singleItemImplied).toBe(false)
  })

  test('the one type that was asked for is known', async () => {
    const mapping = await setUp().builder.resourceTypeOrNameArgs(true, ['it']).do().resourceMapping()
    expect(mapping).toMatchObject({
      group: 'inventory.k1s.dev',
      version: 'v1',
      kind: 'Item',
      plural: 'items',
    })
    await expect(
      setUp().builder.resourceTypeOrNameArgs(true, ['it,cm']).do().resourceMapping(),
    ).rejects.toThrow('expected only a single resource type')
  })

  test('an info can be read again and take over what a write returned', async () => {
    const { builder, transport } = setUp()
    const [info] = await builder.resourceTypeOrNameArgs(true, ['cm', 'a']).do().infos()
    ;(transport.objects[0] as Unstructured).data = { k: 'v' }
    await info!.get()
    expect(info!.object).toMatchObject({ data: { k: 'v' } })
    info!.refresh(configMap('renamed', 'elsewhere'))
    expect(info).toMatchObject({ name: 'renamed', namespace: 'elsewhere' })
    expect(info!.objectName()).toBe('configmaps/renamed')
  })
})
