import { parseGroupVersion } from '@k1s/apimachinery'

/** What tells an object from all others of a store, across versions of its kind. */
export interface ObjectName {
  readonly group: string
  readonly kind: string
  /** Empty for objects of the cluster. */
  readonly namespace: string
  readonly name: string
}

/** A key for maps. */
export function keyOf({ group, kind, namespace, name }: ObjectName): string {
  return `${group}/${kind}/${namespace}/${name}`
}

/** `item.inventory.k1s.dev/laptop in namespace shop`: what messages call an object. */
export function describeObject({ group, kind, namespace, name }: ObjectName): string {
  const type = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
  return namespace === '' ? `${type}/${name}` : `${type}/${name} in namespace ${namespace}`
}

/**
 * Where the owner of an object can be: an owner is in the namespace of its dependent or in none, and the reference does
 * not say which.
 */
export function ownerNames(
  reference: { readonly apiVersion: string; readonly kind: string; readonly name: string },
  namespace: string,
): readonly ObjectName[] {
  const { group } = parseGroupVersion(reference.apiVersion)
  const { kind, name } = reference
  const inCluster = { group, kind, namespace: '', name }
  return namespace === '' ? [inCluster] : [{ group, kind, namespace, name }, inCluster]
}
