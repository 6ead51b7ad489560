import type { KubernetesObject, OwnerReference } from '@k1s/apimachinery'
import type { ResourceKind } from '@k1s/core'
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
  const references = metadata.ownerReferences ?? []
  const controller = onlyControllerOwner
    ? references.find((reference) => reference.controller === true)
    : undefined
  const candidates = onlyControllerOwner ? (controller === undefined ? [] : [controller]) : references
  const namespace = owner.namespaced ? (metadata.namespace ?? '') : ''
  return candidates
    .filter((reference) => isOfKind(reference, owner))
    .map((reference) => ({ namespace, name: reference.name }))
}

function isOfKind({ apiVersion, kind }: OwnerReference, owner: ResourceKind): boolean {
  if (kind !== owner.kind) return false
  const [first, second, ...rest] = apiVersion.split('/')
  const group = second === undefined ? '' : first
  return rest.length === 0 && group === owner.group
}
