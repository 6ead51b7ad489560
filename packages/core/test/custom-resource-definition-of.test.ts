import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import {
  type CustomResourceDefinition,
  createRuntime,
  customResourceDefinitionOf,
  defineKind,
  type KindDefinition,
  type Runtime,
} from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure } from './each-store.ts'
import { itemSchema, Note, note } from './kinds.ts'

const Item = defineKind<Unstructured>({
  group: 'inventory.example.com',
  version: 'v1beta1',
  kind: 'Item',
  plural: 'items',
  singular: 'thing',
  listKind: 'Items',
  namespaced: true,
  shortNames: ['it'],
  categories: ['all'],
  schema: itemSchema,
  subresources: {
    status: true,
    scale: {
      specReplicasPath: '.spec.quantity',
      statusReplicasPath: '.status.quantity',
      labelSelectorPath: '.status.selector',
    },
  },
  printerColumns: [
    { name: 'Color', type: 'string', value: '.spec.color', description: 'What it looks like' },
    { name: 'Quantity', type: 'integer', value: '.spec.quantity', format: 'int32', priority: 1 },
  ],
  selectableFields: ['.spec.color'],
})

async function open(): Promise<Runtime> {
  return createRuntime({ storage: { type: 'memory' } })
}

/** A runtime that was told of a kind, and one that has its definition. */
async function bothWays(kind: KindDefinition<KubernetesObject>): Promise<readonly Runtime[]> {
  const [registered, defined] = [await open(), await open()]
  registered.registerAPI(kind)
  await defined.client.create<CustomResourceDefinition>(customResourceDefinitionOf(kind))
  return [registered, defined]
}

/** What happens to an object in a runtime, without what is another in each. */
async function historyOf({ client, transport }: Runtime) {
  const item = (name: string, spec: object) => ({
    apiVersion: 'inventory.example.com/v1beta1',
    kind: 'Item',
    metadata: { name },
    spec,
    status: { phase: 'Unseen' },
    unknown: 1,
  })
  const created = await client.create<Unstructured>(item('laptop', { quantity: 3 }))
  const status = { phase: 'Ready', quantity: 2, selector: 'app=a' }
  const ready = await client.status.update({ ...created, status })
  const scale = await client.subresource('scale').get<Unstructured>(Item, { name: 'laptop' })
  const { columnDefinitions, rows } = await client.table(Item)
  const { items } = await client.list(Item, { fieldSelector: 'spec.color=grey' })
  const discovered = await transport.discover('default')
  return {
    created: withoutIdentity(created),
    ready: withoutIdentity(ready),
    scale: withoutIdentity(scale),
    columns: columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority })),
    cells: rows.map(({ cells }) => cells),
    selected: items.length,
    none: (await client.list(Item, { fieldSelector: 'spec.color=red' })).items.length,
    refused: (await failure(client.create<Unstructured>(item('x', { quantity: -1 })))).message,
    resource: discovered.find(({ kind }) => kind === 'Item'),
  }
}

function withoutIdentity({ metadata, ...object }: Unstructured) {
  return { ...object, generation: metadata.generation }
}

describe('the CustomResourceDefinition of a kind', () => {
  test('serves what registering the kind does', async () => {
    const [registered, defined] = await Promise.all((await bothWays(Item)).map(historyOf))
    expect(defined).toEqual(registered)
    expect(defined).toMatchObject({
      created: { spec: { quantity: 3, color: 'grey' } },
      ready: { status: { phase: 'Ready' } },
      scale: { spec: { replicas: 3 } },
      cells: [['laptop', 'grey', 3]],
      selected: 1,
      none: 0,
    })
    expect(defined?.created).not.toHaveProperty('status')
    expect(defined?.created).not.toHaveProperty('unknown')
  })

  test('keeps every field of a kind without a schema', async () => {
    for (const { client } of await bothWays(Note)) {
      expect(await client.create(note)).toMatchObject({ any: [{ thing: null }], metadata: { generation: 1 } })
    }
  })

  test('has no columns that are functions', () => {
    const crd = customResourceDefinitionOf({
      ...Note,
      printerColumns: [
        { name: 'Length', type: 'integer', value: () => 1 },
        { name: 'Age', type: 'date', value: '.metadata.creationTimestamp' },
      ],
    })
    expect(crd.spec.versions[0]?.additionalPrinterColumns).toEqual([
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ])
  })

  test('is a copy: to change it does not change the kind', () => {
    const { names, versions } = customResourceDefinitionOf(Item).spec
    names.shortNames?.push('thing')
    Object.assign(versions[0]?.schema?.openAPIV3Schema ?? {}, { type: 'array' })
    expect([Item.shortNames, Item.schema?.type]).toEqual([['it'], 'object'])
  })
})
