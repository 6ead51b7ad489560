import type { KubernetesObject, OwnerReference } from '@k1s/apimachinery'

/** Thrown when an object is to get a controller and has another. */
export class AlreadyOwnedError extends Error {
  override name = 'AlreadyOwnedError'
  readonly object: KubernetesObject
  /** The reference to the controller that it has. */
  readonly owner: OwnerReference

  constructor(object: KubernetesObject, owner: OwnerReference) {
    const { namespace = '', name = '' } = object.metadata
    super(`Object ${namespace}/${name} is already owned by another ${owner.kind} controller ${owner.name}`)
    this.object = object
    this.owner = owner
  }
}
