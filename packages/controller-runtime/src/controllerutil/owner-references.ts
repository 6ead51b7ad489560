import type { KubernetesObject, OwnerReference } from '@k1s/apimachinery'
import { AlreadyOwnedError } from './already-owned-error.ts'
import { ownerGroup } from './owner-group.ts'

/** `controllerutil.OwnerReferenceOption`. */
export interface OwnerReferenceOptions {
  /** With foreground deletion the owner waits until the object is gone. */
  readonly blockOwnerDeletion?: boolean
}

/**
 * Makes `owner` the controller of `controlled`, so that it is deleted with its owner and its events reach the owner through
 * `enqueueRequestForOwner`. The reference blocks the deletion of the owner by default. One to the same owner, in any version,
 * is replaced.
 *
 * Throws an {@link AlreadyOwnedError} if another object is the controller, and an Error if the owner is in another namespace
 * or does not say its apiVersion and kind.
 */
export function setControllerReference(
  owner: KubernetesObject,
  controlled: KubernetesObject,
  { blockOwnerDeletion = true }: OwnerReferenceOptions = {},
): void {
  validateOwner(owner, controlled)
  const reference = { ...referenceTo(owner), controller: true, blockOwnerDeletion }
  const existing = controlled.metadata.ownerReferences?.find(isController)
  if (existing !== undefined && !isSameObject(existing, reference)) {
    throw new AlreadyOwnedError(controlled, existing)
  }
  upsert(controlled, reference)
}

/**
 * Makes `owner` one of the owners of `object`, and not its controller. A reference to the same owner, in any version, is
 * replaced. Throws an Error if the owner is in another namespace or does not say its apiVersion and kind.
 */
export function setOwnerReference(
  owner: KubernetesObject,
  object: KubernetesObject,
  options: OwnerReferenceOptions = {},
): void {
  validateOwner(owner, object)
  upsert(object, { ...referenceTo(owner), ...options })
}

/** Removes the reference to `owner` in any version. Throws an Error if there is none. */
export function removeOwnerReference(owner: KubernetesObject, object: KubernetesObject): void {
  const references = object.metadata.ownerReferences ?? []
  if (references.length === 0) throw new Error(`${object.kind} does not have any owner references`)
  const index = indexOf(references, referenceTo(owner))
  if (index === -1) throw new Error(`${object.kind} does not have an owner reference for ${owner.kind}`)
  removeAt(object, index)
}

/** Removes the reference to `owner`, which has to be the controller of `object`: otherwise an Error is thrown. */
export function removeControllerReference(owner: KubernetesObject, object: KubernetesObject): void {
  if (!hasControllerReference(object)) {
    throw new Error(`${object.kind} does not have a owner reference with controller equals true`)
  }
  const references = object.metadata.ownerReferences ?? []
  const index = indexOf(references, referenceTo(owner))
  const reference = references[index]
  if (reference === undefined) {
    throw new Error(`${object.kind} does not have an controller reference for ${owner.kind}`)
  }
  if (!isController(reference)) {
    throw new Error(`${owner.kind} owner is not the controller reference for ${object.kind}`)
  }
  removeAt(object, index)
}

/** Whether any object is the controller of this one. */
export function hasControllerReference(object: KubernetesObject): boolean {
  return object.metadata.ownerReferences?.some(isController) ?? false
}

/**
 * Whether one of the references is to `owner`, by group, kind and name. Throws an Error if that does not say its apiVersion
 * and kind.
 */
export function hasOwnerReference(references: readonly OwnerReference[], owner: KubernetesObject): boolean {
  return indexOf(references, referenceTo(owner)) !== -1
}

function referenceTo({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference {
  if (!apiVersion || !kind) {
    throw new Error(
      `the owner ${metadata.name ?? ''} has no apiVersion or no kind, and a reference to it needs both`,
    )
  }
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '' }
}

function validateOwner(owner: KubernetesObject, object: KubernetesObject): void {
  const ownerNamespace = owner.metadata.namespace ?? ''
  const namespace = object.metadata.namespace ?? ''
  if (ownerNamespace === '' || ownerNamespace === namespace) return
  throw new Error(
    namespace === ''
      ? `cluster-scoped resource must not have a namespace-scoped owner, owner's namespace ${ownerNamespace}`
      : `cross-namespace owner references are disallowed, owner's namespace ${ownerNamespace}, obj's namespace ${namespace}`,
  )
}

function upsert({ metadata }: KubernetesObject, reference: OwnerReference): void {
  const references = metadata.ownerReferences ?? []
  const index = indexOf(references, reference)
  metadata.ownerReferences = index === -1 ? [...references, reference] : references.with(index, reference)
}

function removeAt({ metadata }: KubernetesObject, index: number): void {
  const others = (metadata.ownerReferences ?? []).toSpliced(index, 1)
  if (others.length > 0) metadata.ownerReferences = others
  else delete metadata.ownerReferences
}

function indexOf(references: readonly OwnerReference[], reference: OwnerReference): number {
  return references.findIndex((candidate) => isSameObject(candidate, reference))
}

function isController(reference: OwnerReference): boolean {
  return reference.controller === true
}

/** In any version. */
function isSameObject(a: OwnerReference, b: OwnerReference): boolean {
  const group = ownerGroup(a)
  return group !== undefined && group === ownerGroup(b) && a.kind === b.kind && a.name === b.name
}
