import { isNotFound, newForbidden, newNotFound, type Unstructured } from '@k1s/apimachinery'
import type { StorageRequirement } from '@k1s/storage'
import { namespaceDefinition } from '../builtin/namespace.ts'
import { objectKey } from '../resource-path.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'

/**
 * The namespace of a new object must exist and not be terminating: the NamespaceLifecycle admission plugin. What
 * it saw is returned as a requirement of the write, so that a namespace that is deleted in between stays empty.
 */
export async function checkNamespace(
  { storage }: StoreContext,
  { request, definition }: ResourceRequest,
  name: string,
): Promise<StorageRequirement[]> {
  const { namespace, tenant, group, resource } = request
  if (definition.scope === 'Cluster' || namespace === undefined) return []
  const key = objectKey(tenant, namespaceDefinition, undefined, namespace)
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
  return [{ key, resourceVersion: object.metadata.resourceVersion! }]
}
