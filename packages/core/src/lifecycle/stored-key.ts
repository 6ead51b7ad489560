import { type OwnerReference, parseGroupVersion } from '@k1s/apimachinery'
import { type StorageKey, storageKey } from '@k1s/storage'
import type { StoreContext } from '../registry-store/resource-request.ts'
import { storageResource } from '../resource-path.ts'

/** The parts of a storage key, which name an object also when nobody serves its kind any more. */
export interface StoredObjectName {
  readonly tenant: string
  readonly resource: string
  readonly namespace?: string
  readonly name: string
}

export function parseStorageKey(key: StorageKey): StoredObjectName {
  const [, tenant = '', resource = '', first = '', second] = key.split('/')
  return second === undefined
    ? { tenant, resource, name: first }
    : { tenant, resource, namespace: first, name: second }
}

/** Where the owner that a reference names is; undefined if its kind is not served. */
export async function ownerKeyOf(
  { registry }: StoreContext,
  tenant: string,
  reference: OwnerReference,
  namespace: string | undefined,
): Promise<StorageKey | undefined> {
  const { group } = parseGroupVersion(reference.apiVersion)
  const definition = await registry.findKind(tenant, group, reference.kind)
  if (definition === undefined) return undefined
  const resource = storageResource(definition)
  if (definition.scope === 'Cluster') return storageKey({ tenant, resource, name: reference.name })
  return namespace === undefined
    ? undefined
    : storageKey({ tenant, resource, namespace, name: reference.name })
}
