import type { KubernetesObject } from '@k1s/apimachinery'
import { createRuntime, defineKind, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newControllerManagedBy } from '../src/builder/controller-builder.ts'
import { newManager } from '../src/manager/new-manager.ts'

interface Item extends KubernetesObject {
  spec: { category: string; quantity: number }
}
interface Category extends KubernetesObject {
  status?: { items: number; quantity: number }
}

const Item = defineKind<Item>({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
})
const Category = defineKind<Category>({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Category',
  plural: 'categories',
  namespaced: true,
  subresources: { status: true },
})

const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }

let runtime: Runtime
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(Item, Category)
})
afterEach(() => runtime.close())

const item = (name: string, category: string, quantity = 1): Item => ({
  apiVersion: 'inventory.example.com/v1',
  kind: 'Item',
  metadata: { name },
  spec: { category, quantity },
})
const category = (name: string): Category => ({
  apiVersion: 'inventory.example.com/v1',
  kind: 'Category',
  metadata: { name },
})

function countingManager() {
  const manager = newManager(runtime, { logger: silent })
  manager.cache.indexField(Item, 'category', ({ spec }) => [spec.category])
  const reconciled: string[] = []
  newControllerManagedBy(manager)
    .for(Category)
    .watches(Item, {
      create: ({ object }, queue) => queue.add({ namespace: 'default', name: object.spec.category }),
      update: ({ objectOld, objectNew }, queue) => {
        queue.add({ namespace: 'default', name: objectOld.spec.category })
        queue.add({ namespace: 'default', name: objectNew.spec.category })
      },
      delete: ({ object }, queue) => queue.add({ namespace: 'default', name: object.spec.category }),
    })
    .complete(async (request) => {
      reconciled.push(request.name)
      const found = await manager.client.get(Category, request).catch(() => undefined)
      if (found === undefined) return
      const { items } = await manager.client.list(Item, { matchingFields: { category: request.name } })
      const quantity = items.reduce((sum, { spec }) => sum + spec.quantity, 0)
      await manager.client.status.update({ ...found, status: { items: items.length, quantity } })
    })
  return { manager, reconciled }
}

describe('a triggered run', () => {
  it('reconciles everything the first time, and then what was written since', async () => {
    const { client } = runtime
    await client.create(category('laptops'))
    await client.create(category('phones'))
    await client.create(item('a', 'laptops', 2))
    const { manager, reconciled } = countingManager()
    const report = await manager.runOnce()
    expect(report.controllers[0]).toMatchObject({
      controller: 'category',
      outcome: 'idle',
      failures: 0,
      pending: 0,
    })
    expect((await client.get(Category, { name: 'laptops' })).status).toEqual({ items: 1, quantity: 2 })
    expect(new Set(reconciled)).toEqual(new Set(['laptops', 'phones']))

    reconciled.length = 0
    expect((await manager.runOnce()).controllers[0]?.reconciles).toBe(0)

    await client.create(item('b', 'laptops', 3))
    const later = countingManager()
    await later.manager.runOnce()
    expect((await client.get(Category, { name: 'laptops' })).status).toEqual({ items: 2, quantity: 5 })
    expect(new Set(later.reconciled)).toEqual(new Set(['laptops']))
  })
})
