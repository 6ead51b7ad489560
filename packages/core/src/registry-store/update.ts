import { newBadRequest, type Unstructured } from '@k1s/apimachinery'
import type { ApiResponse } from '../request.ts'
import { decodeBody } from './decode-body.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { updateScale } from './scale.ts'
import { writeUpdate } from './write-update.ts'

/** `Store.Update` of `k8s.io/apiserver/pkg/registry/generic/registry` with a whole object as its body. */
export async function update(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request } = resourceRequest
  if (request.subresource === 'scale') return updateScale(context, resourceRequest, () => request.body)
  return writeUpdate(context, resourceRequest, async (strategy) => {
    const object = await decodeBody(resourceRequest, strategy, request.body)
    checkIdentity(resourceRequest, object)
    return object
  })
}

function checkIdentity({ request, definition }: ResourceRequest, { metadata }: Unstructured): void {
  if (metadata.name !== request.name) {
    throw newBadRequest(
      metadata.name === undefined
        ? 'name must be provided'
        : `the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`,
    )
  }
  if (definition.scope === 'Namespaced' && metadata.namespace && metadata.namespace !== request.namespace) {
    throw newBadRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
}
