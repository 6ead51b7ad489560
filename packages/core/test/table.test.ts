import type { Table } from '@k1s/core'
import { expect, test } from 'vitest'
import { apiRequest, failure, onEachStore } from './each-store.ts'
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
    expect(row?.cells).toEqual(['a', 3, expect.stringMatching(/^\ds$/)])
    expect(row?.object).toEqual({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata })
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
    expect(rows[0]?.cells).toEqual(['a', expect.stringMatching(/^\ds$/)])
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
    await opened.client.create(
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
      ['a', 0, 'grey', '["p","q"]', 'p', null, '{"x":"y"}', null, expect.stringMatching(/^\ds$/)],
      ['b', null, null, null, null, null, null, null, expect.any(String)],
    ])
  })

  test('cells of dates say how long ago they were; what is no date is invalid', async () => {
    const additionalPrinterColumns = [{ name: 'Color', type: 'date', jsonPath: '.spec.color' }]
    await opened.client.create(itemDefinition({ additionalPrinterColumns }))
    const daysAgo = new Date(Date.now() - 3 * 86_400_000 - 1000).toISOString()
    for (const color of [daysAgo, 'yesterday', '', '5']) {
      await opened.client.create(item(`i${color.length}`, { spec: { color } }))
    }
    const { rows } = await opened.client.table(Items)
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['i0', '<unknown>'],
      ['i1', '<invalid>'],
      ['i24', '3d'],
      ['i9', '<invalid>'],
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

  test.each([
    ['None', null],
    [
      'Metadata',
      { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: expect.any(Object) },
    ],
    ['Object', { kind: 'ConfigMap', apiVersion: 'v1', metadata: expect.any(Object), data: { x: '1' } }],
  ] as const)(
    'with includeObject %s has rows with as much of the object',
    async (includeObject, expected) => {
      await opened.client.create(configMap('a', { data: { x: '1' } }))
      const { rows } = await opened.client.table(ConfigMaps, { includeObject })
      expect(rows[0]?.object).toEqual(expected)
    },
  )

  test('refuses another includeObject', async () => {
    const includeObject = 'All' as 'Object'
    expect(await failure(opened.client.table(ConfigMaps, { includeObject }))).toMatchObject({
      code: 400,
      message:
        "Unable to convert to Table as requested: includeObject: Invalid value: \"All\": must be 'Metadata', 'Object', 'None', or empty",
    })
  })

  test('of a watch has columns in the first event only, and bookmarks are Tables too', async () => {
    for (const name of ['a', 'b']) await opened.client.create(configMap(name))
    const watch = opened.runtime.transport.watch({
      ...apiRequest({ verb: 'watch', resource: 'configmaps' }),
      options: {
        as: 'Table',
        includeObject: 'None',
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
      },
    })
    const seen: unknown[] = []
    for await (const { type, object } of watch) {
      const { columnDefinitions, rows } = object as unknown as Table
      const [row] = rows
      seen.push([type, columnDefinitions.length, row?.cells[0], row?.object?.metadata.annotations ?? null])
      if (type === 'BOOKMARK') break
    }
    expect(seen).toEqual([
      ['ADDED', 3, 'a', null],
      ['ADDED', 0, 'b', null],
      ['BOOKMARK', 0, null, { 'k8s.io/initial-events-end': 'true' }],
    ])
  })
})

onEachStore((opened) => {
  test('the metadata client gets, lists and watches objects without their content', async () => {
    const created = await opened.client.create(configMap('a', { data: { x: '1' } }))
    const partial = {
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: created.metadata,
    }
    expect(await opened.client.metadata.get(ConfigMaps, { name: 'a' })).toEqual(partial)
    await opened.client.create(configMap('b'))
    const page = await opened.client.metadata.list(ConfigMaps, { namespace: 'default', limit: 1 })
    expect(page).toEqual({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: expect.any(String), continue: expect.any(String), remainingItemCount: 1 },
      items: [partial],
    })
    for await (const event of opened.client.metadata.watch(ConfigMaps)) {
      expect(event).toEqual({ type: 'ADDED', object: partial })
      break
    }
  })

  test('the metadata of a subresource of another kind is that of the object', async () => {
    await opened.client.create(itemDefinition())
    await opened.client.create(item('a'))
    const { body } = await opened.request({
      verb: 'get',
      group: Items.group,
      resource: 'items',
      namespace: 'default',
      name: 'a',
      subresource: 'scale',
      options: { as: 'PartialObjectMetadata' },
    })
    expect(body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
  })
})
