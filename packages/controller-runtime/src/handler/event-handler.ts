import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { CreateEvent, DeleteEvent, GenericEvent, UpdateEvent } from '../event.ts'
import type { RequestQueue } from '../queue/request-queue.ts'

/**
 * Turns events into requests: `handler.EventHandler`. Events of a type without a method are ignored. A method that returns a promise
 * is waited for: only then does the event count as seen, and the next one is handed over. An event of a kind for which a method
 * throws is not forgotten: a running manager logs the error and hands it over again, after 100 ms at first and 30 s at last; a
 * triggered run reports the controller as failed, and the next one hands it over. The error of any other source goes to its `onError`.
 */
export interface EventHandler<T extends KubernetesObject = Unstructured> {
  create?(event: CreateEvent<T>, queue: RequestQueue): void | Promise<void>
  update?(event: UpdateEvent<T>, queue: RequestQueue): void | Promise<void>
  delete?(event: DeleteEvent<T>, queue: RequestQueue): void | Promise<void>
  generic?(event: GenericEvent<T>, queue: RequestQueue): void | Promise<void>
}

/** The priority of requests from an initial list or a resync: behind everything that happened. */
export const lowPriority = -100
