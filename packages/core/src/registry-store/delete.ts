import { isNotFound, newForbidden, type Status, type Unstructured } from '@k1s/apimachinery'
import type { StorageKey } from '@k1s/storage'
import { forEachConcurrently } from '../lifecycle/concurrent.ts'
import { previewRemoval, type Removal, type RemovalOptions, removeObject } from '../lifecycle/removal.ts'
import type { ApiRequest, ApiResponse } from '../request.ts'
import { collectionPrefix, objectKey } from '../resource-path.ts'
import { admissionAttributes } from './admission-attributes.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { selectionOf } from './selection.ts'
import { copyFromStorage, fromStorage } from './stored-object.ts'

/** Namespaces that the NamespaceLifecycle admission plugin protects. */
const immortalNamespaces = new Set(['default', 'kube-system', 'kube-public'])

export async function deleteOne(
  context: StoreContext,
  resourceRequest: ResourceRequest,
): Promise<ApiResponse> {
  const { request, definition, warnings } = resourceRequest
  const key = objectKey(request.tenant, definition, request.namespace, request.name!)
  const { object, removed } = await remove(context, resourceRequest, key, request.name!)
  if (!removed) return { code: 200, body: await fromStorage(resourceRequest, object), warnings }
  const body: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: request.name!,
      ...(request.group !== '' && { group: request.group }),
      kind: request.resource,
      uid: object.metadata.uid!,
    },
  }
  return { code: 200, body, warnings }
}

/** Deletes what matches, and answers with the list of it. */
export async function deleteCollection(
  context: StoreContext,
  resourceRequest: ResourceRequest,
): Promise<ApiResponse> {
  const { request, definition, apiVersion, warnings } = resourceRequest
  const { predicate } = selectionOf(resourceRequest)
  const prefix = collectionPrefix(request.tenant, definition, request.namespace)
  const { items, resourceVersion } = await context.storage.getList<Unstructured>(
    prefix,
    predicate === undefined ? {} : { predicate },
  )
  await forEachConcurrently(items, async (seen) => {
    const { namespace, name } = seen.metadata
    const key = objectKey(request.tenant, definition, namespace, name!)
    try {
      await remove(context, resourceRequest, key, name!, seen)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  })
  const body = {
    kind: definition.listKind,
    apiVersion,
    metadata: { resourceVersion },
    items: await Promise.all(items.map((item) => fromStorage(resourceRequest, item))),
  }
  return { code: 200, body, warnings }
}

async function remove(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  key: StorageKey,
  name: string,
  seen?: Unstructured,
): Promise<Removal> {
  const { request, definition, dryRun } = resourceRequest
  const { resource, group } = request
  if (definition.origin === 'builtin' && resource === 'namespaces' && immortalNamespaces.has(name)) {
    throw newForbidden({ group, resource }, name, 'this namespace may not be deleted')
  }
  const { admission } = context
  const named = { ...resourceRequest, request: { ...request, name } }
  const options: RemovalOptions = {
    ...removalOptions(request),
    ...(seen !== undefined && { seen }),
    ...(admission !== undefined && {
      validate: async (current) => {
        const oldObject = await copyFromStorage(resourceRequest, current)
        await admission.validate(admissionAttributes(named, 'DELETE', undefined, oldObject))
      },
    }),
  }
  if (!dryRun) return removeObject(context, key, options)
  const current = await context.storage.get(key)
  const preview = previewRemoval(context, key, current, options)
  await options.validate?.(current)
  return preview
}

function removalOptions({ options }: ApiRequest): RemovalOptions {
  const { preconditions, propagationPolicy } = options
  return {
    ...(preconditions !== undefined && { preconditions }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
  }
}
