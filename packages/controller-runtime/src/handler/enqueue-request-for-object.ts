import type { KubernetesObject } from '@k1s/apimachinery'
import type { Request } from '../reconcile.ts'
import type { EventHandler } from './event-handler.ts'
import { withLowPriorityWhenUnchanged } from './with-low-priority.ts'

/** Asks for a reconcile of the object that the event is about. */
export function enqueueRequestForObject(): EventHandler<KubernetesObject> {
  return withLowPriorityWhenUnchanged<KubernetesObject>({
    create: ({ object }, queue) => queue.add(requestFor(object)),
    update: ({ objectNew }, queue) => queue.add(requestFor(objectNew)),
    delete: ({ object }, queue) => queue.add(requestFor(object)),
    generic: ({ object }, queue) => queue.add(requestFor(object)),
  })
}

function requestFor({ metadata }: KubernetesObject): Request {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' }
}
