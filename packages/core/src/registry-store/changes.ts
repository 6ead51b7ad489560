import type { Unstructured } from '@k1s/apimachinery'
import type { StorageChange } from '@k1s/storage'
import type { ChangesResponse } from '../chain/handler.ts'
import type { Change } from '../changes.ts'
import { collectionPrefix } from '../resource-path.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { selectionOf } from './selection.ts'
import { fromStorage } from './stored-object.ts'

/** What a watch from a resourceVersion would tell, put together for each object. */
export async function changes(
  { storage }: StoreContext,
  resourceRequest: ResourceRequest,
): Promise<ChangesResponse> {
  const { request, definition, warnings } = resourceRequest
  const { predicate } = selectionOf(resourceRequest)
  const found = await storage.changes<Unstructured>(
    collectionPrefix(request.tenant, definition, request.namespace),
    {
      resourceVersion: request.options.resourceVersion ?? '',
      ...(predicate !== undefined && { predicate }),
      ...(request.options.everyEvent === true && { everyEvent: true }),
      ...(request.signal !== undefined && { signal: request.signal }),
    },
  )
  const converted: Change[] = []
  for (const change of found.changes) {
    const result = convert(resourceRequest, change)
    converted.push(result instanceof Promise ? await result : result)
  }
  return { code: 200, changes: { resourceVersion: found.resourceVersion, changes: converted }, warnings }
}

/** At once for all but the rare object. */
function convert(
  resourceRequest: ResourceRequest,
  change: StorageChange<Unstructured>,
): Change | Promise<Change> {
  const object = fromStorage(resourceRequest, change.object)
  if (change.type !== 'MODIFIED') {
    return object instanceof Promise
      ? object.then((converted) => ({ type: change.type, object: converted }))
      : { type: change.type, object }
  }
  const previous = fromStorage(resourceRequest, change.previous)
  return object instanceof Promise || previous instanceof Promise
    ? Promise.all([object, previous]).then(([last, first]) => ({
        type: 'MODIFIED',
        object: last,
        previous: first,
      }))
    : { type: 'MODIFIED', object, previous }
}
