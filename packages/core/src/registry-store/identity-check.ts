import { newBadRequest, newConflict, type Unstructured } from '@k1s/apimachinery'
import type { ResourceRequest } from './resource-request.ts'

/** `EnsureObjectNamespaceMatchesRequestNamespace` of `k8s.io/apiserver/pkg/registry/rest/meta.go`. */
export function checkObjectNamespace(
  { request, definition }: ResourceRequest,
  { metadata }: Unstructured,
): void {
  if (definition.scope === 'Cluster' || !metadata.namespace || metadata.namespace === request.namespace)
    return
  throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request')
}

/** `checkName` of `k8s.io/apiserver/pkg/endpoints/handlers/rest.go`. */
export function checkObjectName({ request }: ResourceRequest, { metadata }: Unstructured): void {
  const { name = '' } = metadata
  if (name === '') {
    throw newBadRequest(
      `the name of the object (${request.name} based on URL) was undeterminable: name must be provided`,
    )
  }
  if (name === request.name) return
  throw newBadRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`)
}

/**
 * `Preconditions.Check` of `k8s.io/apiserver/pkg/storage/interfaces.go`: an update of one object is none of another that has its
 * name by now, or, with '', of none.
 */
export function checkObjectUID(
  { request }: ResourceRequest,
  { metadata }: Unstructured,
  storedUID = '',
): void {
  const { uid } = metadata
  if (!uid || uid === storedUID) return
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${storedUID}`
  throw newConflict({ group: request.group, resource: request.resource }, request.name!, why)
}
