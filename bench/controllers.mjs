import { newControllerManagedBy, newLogger, newManager } from '@k1s/controller-runtime'
import { Item } from './item.mjs'

/** Adds a controller of Items that gets each one and does no more. Returns how many it has reconciled. */
export function addItemController(manager, name) {
  let reconciled = 0
  newControllerManagedBy(manager)
    .for(Item)
    .named(name)
    .complete(async (request) => {
      await manager.client.get(Item, request)
      reconciled++
    })
  return () => reconciled
}

/** A manager with such a controller, which logs nothing. */
export function managerOfItems(runtime, name) {
  const manager = newManager(runtime, { logger: newLogger({ write: () => {} }) })
  return { manager, reconciled: addItemController(manager, name) }
}
