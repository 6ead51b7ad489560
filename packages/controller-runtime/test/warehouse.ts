import type { KubernetesObject } from '@k1s/apimachinery'
import { defineKind, mergePatch, type Runtime } from '@k1s/core'
import {
  enqueueRequestsFromMapFunc,
  ignoreNotFound,
  type Manager,
  type ManagerOptions,
  newControllerManagedBy,
  newManager,
} from '../src/index.ts'

// Two controllers that several processes run on one store: one answers each Item, the other counts them by category.

export interface Item extends KubernetesObject {
  spec: { category: string; quantity: number }
  status?: { seen: number }
}
export interface Category extends KubernetesObject {
  status?: { items: number; quantity: number }
}

const api = { group: 'warehouse.example.com', version: 'v1', subresources: { status: true } }

export const Item = defineKind<Item>({ ...api, kind: 'Item', plural: 'items', namespaced: true })
export const Category = defineKind<Category>({
  ...api,
  kind: 'Category',
  plural: 'categories',
  namespaced: false,
})

export const item = (name: string, category: string, quantity: number): Item => ({
  apiVersion: 'warehouse.example.com/v1',
  kind: 'Item',
  metadata: { name },
  spec: { category, quantity },
})
export const category = (name: string): Category => ({
  apiVersion: 'warehouse.example.com/v1',
  kind: 'Category',
  metadata: { name },
})

export interface WarehouseOptions extends ManagerOptions {
  /** Called for each reconcile of an Item, around its work. */
  readonly around?: (name: string, work: () => Promise<void>) => Promise<void>
}

const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }

/** A manager with both controllers, on a runtime that serves their kinds. */
export function warehouseManager(runtime: Runtime, options: WarehouseOptions = {}): Manager {
  const { around = (_, work) => work(), ...managerOptions } = options
  const manager = newManager(runtime, {
    logger: silent,
    controller: { maxConcurrentReconciles: 4 },
    ...managerOptions,
  })
  const { client } = manager
  manager.cache.indexField(Item, 'category', ({ spec }) => [spec.category])

  newControllerManagedBy(manager)
    .for(Item)
    .complete((request) =>
      around(request.name, async () => {
        const found = await client.get(Item, request).catch(ignoreNotFound)
        if (found === undefined || found.status?.seen === found.spec.quantity) return
        await client.status
          .patch(found, mergePatch({ status: { seen: found.spec.quantity } }))
          .catch(ignoreNotFound)
      }),
    )

  newControllerManagedBy(manager)
    .for(Category)
    .watches(
      Item,
      enqueueRequestsFromMapFunc<Item>(({ spec }) => [{ namespace: '', name: spec.category }]),
    )
    .complete(async ({ name }) => {
      const found = await client.get(Category, { name }).catch(ignoreNotFound)
      if (found === undefined) return
      const { items } = await client.list(Item, { matchingFields: { category: name } })
      await client.status.patch(found, mergePatch({ status: countOf(items) }))
    })
  return manager
}

export function countOf(items: readonly Item[]): NonNullable<Category['status']> {
  return { items: items.length, quantity: items.reduce((sum, { spec }) => sum + spec.quantity, 0) }
}
