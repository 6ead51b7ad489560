import {
  addFinalizer,
  enqueueRequestsFromMapFunc,
  ignoreNotFound,
  type Manager,
  newControllerManagedBy,
  type ReconcileContext,
  type Reconciler,
  type Request,
  type Result,
  removeFinalizer,
} from '@k1s/controller-runtime'
import { mergePatch } from 'k1s'
import { Category, Item } from './kinds.ts'

/** Holds a Category for as long as there are Items of it. */
const finalizer = 'stock.k1s.dev/items'

/** Keeps the counts in the status of Categories. */
export class CategoryReconciler implements Reconciler {
  readonly #manager: Manager

  constructor(manager: Manager) {
    this.#manager = manager
  }

  async reconcile({ name }: Request, { log }: ReconcileContext): Promise<Result | undefined> {
    const { client } = this.#manager
    const category = await client.get(Category, { name }).catch(ignoreNotFound)
    if (category === undefined) return undefined
    const { items } = await client.list(Item, { matchingFields: { category: name } })

    if (category.metadata.deletionTimestamp !== undefined) {
      if (items.length > 0) {
        log.info('The category has to wait for its items', { items: items.length })
        return undefined
      }
      if (removeFinalizer(category, finalizer)) await client.update(category)
      return undefined
    }
    if (addFinalizer(category, finalizer)) await client.update(category)

    const status = {
      items: items.length,
      quantity: items.reduce((sum, { spec }) => sum + spec.quantity, 0),
      lowStock: items.filter(({ spec }) => spec.quantity < spec.minimum).length,
    }
    await client.status.patch(category, mergePatch({ status }))
    return undefined
  }
}

/** Adds the controller to a manager. */
export function addCategoryController(manager: Manager): void {
  manager.cache.indexField(Item, 'category', ({ spec }) => [spec.category])
  newControllerManagedBy(manager)
    .for(Category)
    .watches(
      Item,
      enqueueRequestsFromMapFunc<Item>(({ spec }) => [{ namespace: '', name: spec.category }]),
    )
    .complete(new CategoryReconciler(manager))
}
