import type { KubernetesObject, OwnerReference } from '@k1s/apimachinery'
import type { ResourceKind } from '@k1s/core'
import { ownerGroup } from '../controllerutil/owner-group.ts'
import type { RequestQueue } from '../queue/request-queue.ts'
import type { Request } from '../reconcile.ts'
import type { EventHandler } from './event-handler.ts'
import { RequestSet } from './request-set.ts'
import { withLowPriorityWhenUnchanged } from './with-low-priority.ts'

export interface OwnerOptions {
  /** Only the owner that is the controller: `handler.OnlyControllerOwner`. Default: every owner of the kind. */
  readonly onlyControllerOwner?: boolean
}

/**
 * Asks for a reconcile of the owners of the object that the event is about, of those whose group and kind are these, in any
 * version. After an update these are the owners of the old and of the new object.
 */
export function enqueueRequestForOwner(
  owner: ResourceKind,
  { onlyControllerOwner = false }: OwnerOptions = {},
): EventHandler<KubernetesObject> {
  const enqueue = (queue: RequestQueue, ...objects: readonly KubernetesObject[]) => {
    const requests = new RequestSet()
    for (const object of objects) {
      for (const request of ownersOf(object, owner, onlyControllerOwner)) {
        if (requests.add(request)) queue.add(request)
      }
    }
  }
  return withLowPriorityWhenUnchanged<KubernetesObject>({
    create: ({ object }, queue) => enqueue(queue, object),
    update: ({ objectOld, objectNew }, queue) => enqueue(queue, objectOld, objectNew),
    delete: ({ object }, queue) => enqueue(queue, object),
    generic: ({ object }, queue) => enqueue(queue, object),
  })
}

function ownersOf(
  { metadata }: KubernetesObject,
  owner: ResourceKind,
  onlyControllerOwner: boolean,
): readonly Request[] {
  const namespace = owner.namespaced ? (metadata.namespace ?? '') : ''
  const references = metadata.ownerReferences ?? []
  const candidates = onlyControllerOwner ? firstController(references) : references
  return candidates
    .filter((reference) => reference.kind === owner.kind && ownerGroup(reference) === owner.group)
    .map(({ name }) => ({ namespace, name }))
}

/** An object has one controller at most: `metav1.GetControllerOf` takes the first. */
function firstController(references: readonly OwnerReference[]): readonly OwnerReference[] {
  return references.filter((reference) => reference.controller === true).slice(0, 1)
}
