import { expect, test } from 'vitest'
import { onEachStore } from './each-store.ts'
import {
  ConfigMaps,
  CustomResourceDefinitions,
  configMap,
  Events,
  Items,
  item,
  itemDefinition,
  Namespaces,
  Secrets,
  ServiceAccounts,
  secret,
} from './kinds.ts'

onEachStore((opened) => {
  test.each([
    ['configmaps', ConfigMaps, ['Name', 'Data', 'Age']],
    ['secrets', Secrets, ['Name', 'Type', 'Data', 'Age']],
    ['serviceaccounts', ServiceAccounts, ['Name', 'Secrets', 'Age']],
    ['namespaces', Namespaces, ['Name', 'Status', 'Age']],
    ['definitions', CustomResourceDefinitions, ['Name', 'Created At']],
    [
      'events',
      Events,
      [
        'Last Seen',
        'Type',
        'Reason',
        'Object',
        'Subobject',
        'Source',
        'Message',
        'First Seen',
        'Count',
        'Name',
      ],
    ],
  ])('the columns of %s are those of kubectl get', async (_, kind, columns) => {
    const table = await opened.client.table(kind)
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    expect(table.columnDefinitions.map(({ name }) => name)).toEqual(columns)
  })

  test('cells of built-in kinds', async () => {
    const { metadata } = await opened.client.create(
      configMap('a', { data: { x: '', y: '' }, binaryData: { z: '' } }),
    )
    await opened.client.create(secret('s', { stringData: { x: '1' } }))
    const [row] = (await opened.client.table(ConfigMaps)).rows
    expect(row?.cells).toEqual(['a', 3, metadata.creationTimestamp])
    expect(row?.object.metadata).toEqual(metadata)
    expect((await opened.client.table(Secrets)).rows[0]?.cells).toEqual([
      's',
      'Opaque',
      1,
      expect.any(String),
    ])
    expect((await opened.client.table(Namespaces)).rows[0]?.cells).toEqual([
      'default',
      'Active',
      expect.any(String),
    ])
  })

  test('a custom kind has name and age, unless its definition says otherwise', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(item('a'))
    const { rows, columnDefinitions } = await opened.client.table(Items)
    expect(columnDefinitions.map(({ name, type }) => [name, type])).toEqual([
      ['Name', 'string'],
      ['Age', 'date'],
    ])
    expect(rows[0]?.cells).toEqual(['a', expect.stringMatching(/Z$/)])
  })

  test('columns of a definition are read by their paths; what is missing or of another type is null', async () => {
    const additionalPrinterColumns = [
      { name: 'Quantity', type: 'integer', jsonPath: '.spec.quantity' },
      { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1, description: 'how it looks' },
      { name: 'Tags', type: 'string', jsonPath: '.spec.tags' },
      { name: 'First', type: 'string', jsonPath: '.spec.tags[0]' },
      { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
      { name: 'Labels', type: 'string', jsonPath: '.metadata.labels' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.color' },
      { name: 'Made', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ]
    await opened.client.create(itemDefinition({ additionalPrinterColumns }))
    const { metadata } = await opened.client.create(
      item('a', { metadata: { name: 'a', labels: { x: 'y' } }, spec: { quantity: 0, tags: ['p', 'q'] } }),
    )
    await opened.client.create(item('b'))
    const table = await opened.client.table(Items)
    expect(table.columnDefinitions.map(({ name, priority }) => [name, priority])).toEqual([
      ['Name', 0],
      ['Quantity', 0],
      ['Color', 1],
      ['Tags', 0],
      ['First', 0],
      ['Phase', 0],
      ['Labels', 0],
      ['Wrong', 0],
      ['Made', 0],
    ])
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ['a', 0, 'grey', '["p","q"]', 'p', null, '{"x":"y"}', null, metadata.creationTimestamp],
      ['b', null, null, null, null, null, null, null, expect.any(String)],
    ])
  })

  test('is paged and selected like a list', async () => {
    for (const name of ['a', 'b', 'c']) await opened.client.create(configMap(name))
    const page = await opened.client.table(ConfigMaps, { limit: 2 })
    expect(page.metadata).toMatchObject({ continue: expect.any(String), remainingItemCount: 1 })
    expect(page.rows).toHaveLength(2)
    expect((await opened.client.table(ConfigMaps, { fieldSelector: 'metadata.name=c' })).rows).toHaveLength(1)
  })

  test('of one object, and of a watch', async () => {
    await opened.client.create(configMap('a'))
    const one = await opened.request({
      verb: 'get',
      resource: 'configmaps',
      namespace: 'default',
      name: 'a',
      options: { as: 'Table' },
    })
    expect(one.body).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 0, expect.any(String)] }] })
    const watch = opened.runtime.transport.watch({
      verb: 'watch',
      tenant: 'default',
      user: { name: 'test' },
      group: '',
      version: 'v1',
      resource: 'configmaps',
      options: { as: 'Table' },
    })
    for await (const event of watch) {
      expect(event).toMatchObject({
        type: 'ADDED',
        object: { kind: 'Table', rows: [{ cells: ['a', 0, expect.any(String)] }] },
      })
      break
    }
  })
})
