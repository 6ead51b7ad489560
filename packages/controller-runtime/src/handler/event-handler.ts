import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { CreateEvent, DeleteEvent, GenericEvent, UpdateEvent } from '../event.ts'
import type { RequestQueue } from '../queue/request-queue.ts'

/**
 * Turns events into requests: `handler.EventHandler`. What is left out ignores the event. A handler that has to wait for
 * something returns a promise: until it settles its event is not done with.
 */
export interface EventHandler<T extends KubernetesObject = Unstructured> {
  create?(event: CreateEvent<T>, queue: RequestQueue): void | Promise<void>
  update?(event: UpdateEvent<T>, queue: RequestQueue): void | Promise<void>
  delete?(event: DeleteEvent<T>, queue: RequestQueue): void | Promise<void>
  generic?(event: GenericEvent<T>, queue: RequestQueue): void | Promise<void>
}

/** The priority of requests from an initial list or a resync: behind everything that happened. */
export const lowPriority = -100
