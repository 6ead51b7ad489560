import {
  generationChanged,
  ignoreNotFound,
  type Manager,
  newControllerManagedBy,
  type Request,
} from '@k1s/controller-runtime'
import { mergePatch } from 'k1s'
import { Item } from './kinds.ts'

/** Says in an Event when there are too few of an Item, and when there are enough again. */
export function addStockController(manager: Manager): void {
  const { client } = manager
  const recorder = manager.eventRecorderFor('stock')

  const reconcile = async (request: Request) => {
    const item = await client.get(Item, request).catch(ignoreNotFound)
    if (item === undefined) return
    const { quantity, minimum } = item.spec
    const stock = quantity < minimum ? 'Low' : 'Sufficient'
    if (item.status?.stock === stock) return
    if (stock === 'Low') {
      recorder.eventf(item, 'Warning', 'LowStock', '%d left, there should be %d', quantity, minimum)
    } else if (item.status?.stock === 'Low') {
      recorder.eventf(item, 'Normal', 'Restocked', '%d there again', quantity)
    }
    await client.status.patch(item, mergePatch({ status: { stock } }))
  }

  newControllerManagedBy(manager).for(Item, [generationChanged]).named('stock').complete(reconcile)
}
