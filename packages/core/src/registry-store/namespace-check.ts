import { isNotFound, newForbidden, newNotFound, type Unstructured } from '@k1s/apimachinery'
import type { StorageInterface, StorageKey, StorageRequirement } from '@k1s/storage'
import { namespaceDefinition } from '../builtin/namespace.ts'
import type { ApiRequest } from '../request.ts'
import { objectKey } from '../resource-path.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'

const none: readonly StorageRequirement[] = []

/** How many namespaces of a store are remembered. */
const maxRemembered = 1000

/** Namespaces that were there and not terminating when last read. */
const remembered = new WeakMap<StorageInterface, Map<StorageKey, readonly StorageRequirement[]>>()

/**
 * The namespace of a new object must exist and not be terminating: the NamespaceLifecycle admission plugin. What
 * it saw is returned as a requirement of the write, so that a namespace that is deleted in between stays empty.
 *
 * What was seen once is relied upon without another read, since the requirement tells if it no longer holds:
 * after that, {@link forgetNamespace}.
 */
export function checkNamespace(
  { storage }: StoreContext,
  { request, definition, dryRun }: ResourceRequest,
  { metadata }: Unstructured,
): readonly StorageRequirement[] | Promise<readonly StorageRequirement[]> {
  const { namespace, tenant } = request
  if (definition.scope === 'Cluster' || namespace === undefined) return none
  const key = objectKey(tenant, namespaceDefinition, undefined, namespace)
  const known = dryRun ? undefined : remembered.get(storage)?.get(key)
  if (known !== undefined) return known
  return readNamespace(storage, key, namespace, request, metadata.name || metadata.generateName || 'Unknown')
}

async function readNamespace(
  storage: StorageInterface,
  key: StorageKey,
  namespace: string,
  { group, resource }: ApiRequest,
  name: string,
): Promise<readonly StorageRequirement[]> {
  let object: Unstructured
  try {
    object = await storage.get(key)
  } catch (error) {
    throw isNotFound(error) ? newNotFound({ group: '', resource: 'namespaces' }, namespace) : error
  }
  if (object.metadata.deletionTimestamp !== undefined) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    const forbidden = newForbidden({ group, resource }, name, why)
    forbidden.status.details!.causes = [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]
    throw forbidden
  }
  const requires = [{ key, resourceVersion: object.metadata.resourceVersion! }]
  remember(storage, key, requires)
  return requires
}

function remember(storage: StorageInterface, key: StorageKey, requires: readonly StorageRequirement[]): void {
  let namespaces = remembered.get(storage)
  if (namespaces === undefined) {
    namespaces = new Map()
    remembered.set(storage, namespaces)
  }
  if (namespaces.size >= maxRemembered) namespaces.clear()
  namespaces.set(key, requires)
}

/** To be called when a write failed because its namespace was written since: the next check reads it. */
export function forgetNamespace({ storage }: StoreContext, { request }: ResourceRequest): void {
  const { tenant, namespace } = request
  if (namespace === undefined) return
  remembered.get(storage)?.delete(objectKey(tenant, namespaceDefinition, undefined, namespace))
}
