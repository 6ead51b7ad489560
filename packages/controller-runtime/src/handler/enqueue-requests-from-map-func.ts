import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { RequestQueue } from '../queue/request-queue.ts'
import type { Request } from '../reconcile.ts'
import type { EventHandler } from './event-handler.ts'
import { RequestSet } from './request-set.ts'
import { withLowPriorityWhenUnchanged } from './with-low-priority.ts'

/**
 * Which requests an object asks for: `handler.MapFunc`. It may have to look that up, and throws if it cannot: then it is asked again,
 * as {@link EventHandler} says.
 */
export type MapFunc<T extends KubernetesObject = Unstructured> = (
  object: T,
) => readonly Request[] | Promise<readonly Request[]>

/**
 * Asks for the reconciles that `map` makes of the object that the event is about; after an update, of the old and of the new
 * one. Each request is added once per event, and none if `map` throws, which the handler then throws.
 */
export function enqueueRequestsFromMapFunc<T extends KubernetesObject = Unstructured>(
  map: MapFunc<T>,
): EventHandler<T> {
  const enqueue = async (queue: RequestQueue, ...objects: readonly T[]) => {
    const mapped: Request[] = []
    for (const object of objects) {
      for (const request of await map(object)) mapped.push(request)
    }
    const requests = new RequestSet()
    for (const request of mapped) {
      if (requests.add(request)) queue.add(request)
    }
  }
  return withLowPriorityWhenUnchanged<T>({
    create: ({ object }, queue) => enqueue(queue, object),
    update: ({ objectOld, objectNew }, queue) => enqueue(queue, objectOld, objectNew),
    delete: ({ object }, queue) => enqueue(queue, object),
    generic: ({ object }, queue) => enqueue(queue, object),
  })
}
