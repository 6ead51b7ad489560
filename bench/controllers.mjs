import { newControllerManagedBy, newLogger, newManager } from '@k1s/controller-runtime'
import { Item } from './item.mjs'

/** A manager with a controller of Items that gets each one and does no more. It counts how many. */
export function managerOfItems(runtime, name) {
  const manager = newManager(runtime, { logger: newLogger({ write: () => {} }) })
  let reconciled = 0
  newControllerManagedBy(manager)
    .for(Item)
    .named(name)
    .complete(async (request) => {
      await manager.client.get(Item, request)
      reconciled++
    })
  return { manager, reconciled: () => reconciled }
}
