import type { KubernetesObject } from '@k1s/apimachinery'
import type { Duration } from '../duration.ts'
import type { AddOptions, RequestQueue } from '../queue/request-queue.ts'
import type { Request } from '../reconcile.ts'
import { type EventHandler, lowPriority } from './event-handler.ts'

/**
 * Requests of `handler` get {@link lowPriority} where it gives them none, if nothing happened: the object is from the initial
 * list, or its resourceVersion is the one that it had. The handlers of this package do so already: `WithLowPriorityWhenUnchanged`.
 */
export function withLowPriorityWhenUnchanged<T extends KubernetesObject>(
  handler: EventHandler<T>,
): EventHandler<T> {
  return {
    create: (event, queue) =>
      handler.create?.(event, event.isInInitialList ? new LowPriorityQueue(queue) : queue),
    update: (event, queue) => {
      const isUnchanged =
        event.objectOld.metadata.resourceVersion === event.objectNew.metadata.resourceVersion
      return handler.update?.(event, isUnchanged ? new LowPriorityQueue(queue) : queue)
    },
    delete: (event, queue) => handler.delete?.(event, queue),
    generic: (event, queue) => handler.generic?.(event, queue),
  }
}

class LowPriorityQueue implements RequestQueue {
  readonly #queue: RequestQueue

  constructor(queue: RequestQueue) {
    this.#queue = queue
  }

  add(request: Request, options: AddOptions = {}): void {
    this.#queue.add(request, { ...options, priority: options.priority ?? lowPriority })
  }

  addAfter(request: Request, delay: Duration): void {
    this.add(request, { after: delay })
  }

  addRateLimited(request: Request): void {
    this.add(request, { rateLimited: true })
  }
}
