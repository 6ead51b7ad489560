import { formatGroupResource } from '@k1s/apimachinery'
import { type StorageKey, type StoragePrefix, storageKey, storagePrefix } from '@k1s/storage'
import type { ResourceDefinition } from './resource-definition.ts'

/** How a resource is named in storage keys: `items.inventory.k1s.dev`, `configmaps`. */
export function storageResource(definition: ResourcePath): string {
  const { group, plural } = definition.viewOf ?? definition
  return formatGroupResource({ group, resource: plural })
}

/** The part of a definition that says where its objects are. */
export type ResourcePath = Pick<ResourceDefinition, 'group' | 'plural' | 'scope' | 'viewOf'>

export function objectKey(
  tenant: string,
  definition: ResourcePath,
  namespace: string | undefined,
  name: string,
): StorageKey {
  const resource = storageResource(definition)
  if (definition.scope === 'Cluster') return storageKey({ tenant, resource, name })
  return storageKey({ tenant, resource, namespace: namespace ?? '', name })
}

export function collectionPrefix(
  tenant: string,
  definition: ResourcePath,
  namespace?: string,
): StoragePrefix {
  const resource = storageResource(definition)
  return definition.scope === 'Cluster' || namespace === undefined
    ? storagePrefix({ tenant, resource })
    : storagePrefix({ tenant, resource, namespace })
}
