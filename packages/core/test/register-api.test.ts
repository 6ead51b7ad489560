import type { Unstructured } from '@k1s/apimachinery'
import { defineKind } from '@k1s/core'
import { expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { configMap, itemSchema, Note, note } from './kinds.ts'

interface Item extends Unstructured {
  spec: { quantity: number; color?: string }
  status?: { phase: string }
}

const Item = defineKind<Item>({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  shortNames: ['it'],
  schema: itemSchema,
  subresources: { status: true },
  selectableFields: ['.spec.color'],
})

const item: Item = {
  apiVersion: 'inventory.example.com/v1',
  kind: 'Item',
  metadata: { name: 'laptop' },
  spec: { quantity: 3 },
}

onEachStore((opened) => {
  test('serves a kind with its schema, typed', async () => {
    opened.runtime.registerAPI(Item)
    const created: Item = await opened.client.create(item)
    expect(created.spec).toEqual({ quantity: 3, color: 'grey' })
    const read = await opened.client.get(Item, { name: 'laptop' })
    const quantity: number = read.spec.quantity
    expect(quantity).toBe(3)
    expect(
      await failure(opened.client.create({ ...item, metadata: { name: 'x' }, spec: { quantity: -1 } })),
    ).toMatchObject({ code: 422 })
    const ready = await opened.client.status.update({ ...read, status: { phase: 'Ready' } })
    expect(ready.status?.phase).toBe('Ready')
    expect((await opened.client.list(Item, { fieldSelector: 'spec.color=grey' })).items).toHaveLength(1)
  })

  test('a kind without a schema keeps every field', async () => {
    opened.runtime.registerAPI(Note)
    expect(await opened.client.create(note)).toMatchObject({
      any: [{ thing: null }],
      metadata: { generation: 1 },
    })
  })

  test('discovery lists it', async () => {
    opened.runtime.registerAPI(Item, Note)
    const found = (await opened.runtime.transport.discover('default')).filter(
      ({ group }) => group === 'inventory.example.com',
    )
    expect(found).toMatchObject([
      {
        kind: 'Item',
        name: 'items',
        singularName: 'item',
        shortNames: ['it'],
        versions: ['v1'],
        subresources: { v1: ['status'] },
      },
      { kind: 'Note', name: 'notes', namespaced: false },
    ])
  })

  test('is deleted with its namespace, and owns and is owned', async () => {
    opened.runtime.registerAPI(Item)
    const owner = await opened.client.create(item)
    const ownerReferences = [
      { apiVersion: item.apiVersion, kind: 'Item', name: 'laptop', uid: owner.metadata.uid! },
    ]
    await opened.client.create(configMap('x', { metadata: { name: 'x', ownerReferences } }))
    await opened.client.delete(Item, { name: 'laptop' })
    expect((await opened.request({ verb: 'list', resource: 'configmaps' })).body).toMatchObject({ items: [] })
  })

  test('a built-in kind cannot be replaced', () => {
    const register = () =>
      opened.runtime.registerAPI({ ...Item, group: '', kind: 'Secret', plural: 'secrets' })
    expect(register).toThrow('cannot register secrets: it is built in')
  })

  test('two resources of a group cannot have the same kind', () => {
    opened.runtime.registerAPI(Item)
    expect(() => opened.runtime.registerAPI({ ...Item, plural: 'things' })).toThrow(
      'cannot register things.inventory.example.com: items.inventory.example.com has the kind Item already',
    )
    opened.runtime.registerAPI({ ...Item, group: 'other.example.com' }, Item)
  })

  test('names are those that a CustomResourceDefinition may have', () => {
    const register = (fields: object) => () => opened.runtime.registerAPI({ ...Note, ...fields })
    expect(register({ plural: 'Notes' })).toThrow(
      /^KindDefinition "Notes.inventory.example.com" is invalid: plural: Invalid value: "Notes": a DNS-1035 label/,
    )
    expect(register({ group: 'inventory' })).toThrow('group: Invalid value: "inventory": should be a domain')
    expect(register({ version: '1' })).toThrow('version: Invalid value: "1"')
    expect(register({ shortNames: ['n', 'N'] })).toThrow('shortNames[1]: Invalid value: "N"')
    expect(register({ kind: undefined })).toThrow('kind: Required value')
    expect(register({ namespaced: undefined })).toThrow('namespaced: Required value: must be true or false')
  })

  test('a schema that a CustomResourceDefinition may not have is named when it is first needed', async () => {
    const properties = { spec: { properties: { quantity: { type: 'integer', minimun: 0 } } } }
    opened.runtime.registerAPI({ ...Item, schema: { type: 'object', properties } })
    const error = await failure(opened.client.create(item))
    expect(error).toMatchObject({ code: 500, reason: 'InternalError' })
    expect(error.message).toContain('the registered kind items.inventory.example.com is invalid: [')
    expect(error.message).toContain('schema.properties.spec.properties.quantity.minimun: Forbidden')
    expect(error.message).toContain('schema.properties[spec].type: Required value')
  })

  test('a column needs a name, a type and a value', async () => {
    opened.runtime.registerAPI({
      ...Item,
      printerColumns: [{ name: 'Quantity', type: 'integer', value: '.spec.quantity' }],
    })
    await opened.client.create(item)
    const { columnDefinitions, rows } = await opened.client.table(Item)
    expect(columnDefinitions[1]).toEqual({
      name: 'Quantity',
      type: 'integer',
      format: '',
      description: '',
      priority: 0,
    })
    expect(rows[0]?.cells).toEqual(['laptop', 3])
  })

  test('is seen by clients that were made before and after', async () => {
    const before = await opened.runtime.clientFor({ namespace: 'kube-system' })
    opened.runtime.registerAPI(Item)
    const after = await opened.runtime.clientFor({ user: { name: 'other' } })
    await before.create(item)
    await after.create(item)
    expect((await opened.client.list(Item)).items.map(({ metadata }) => metadata.namespace)).toEqual([
      'default',
      'kube-system',
    ])
  })
})
