import {
  applyJsonPatch,
  applyMergePatch,
  isJsonObject,
  JsonPatchError,
  type JsonPatchOperation,
  newBadRequest,
  newNotImplemented,
  newUnsupportedMediaType,
  StatusError,
  type Unstructured,
} from '@k1s/apimachinery'
import type { ApiResponse } from '../request.ts'
import { decodeBody } from './decode-body.ts'
import { checkObjectName, checkObjectNamespace } from './identity-check.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { updateScale } from './scale.ts'
import { writeUpdate } from './write-update.ts'

/** The patch handlers of `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`. */
export async function patch(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request } = resourceRequest
  const applyPatch = patcherOf(resourceRequest)
  if (request.subresource === 'scale') return updateScale(context, resourceRequest, applyPatch)
  return writeUpdate(context, resourceRequest, async (current, strategy, attempt) => {
    const patched = await decodeBody(attempt, strategy, applyPatch(current))
    checkObjectNamespace(resourceRequest, patched)
    checkObjectName(resourceRequest, patched)
    return patched
  })
}

function patcherOf({ request, definition }: ResourceRequest): (current: Unstructured) => unknown {
  const { patchType, body } = request
  switch (patchType) {
    case 'application/json-patch+json':
      return (current) => jsonPatch(current, body)
    case 'application/merge-patch+json':
      if (!isJsonObject(body)) throw newBadRequest('Invalid JSON Patch')
      return (current) => applyMergePatch(current, body)
    case 'application/strategic-merge-patch+json':
      throw newUnsupportedMediaType(
        definition.origin === 'builtin'
          ? 'strategic merge patch is not supported yet: use a JSON patch (application/json-patch+json) or a JSON merge patch (application/merge-patch+json)'
          : 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json',
      )
    case 'application/apply-patch+yaml':
      throw newNotImplemented(
        'server-side apply is not supported yet: use client-side apply, or a JSON merge patch (application/merge-patch+json)',
      )
    default:
      throw newUnsupportedMediaType(
        `unknown patch type ${JSON.stringify(patchType ?? '')} - accepted media types include: application/json-patch+json, application/merge-patch+json`,
      )
  }
}

function jsonPatch(current: Unstructured, operations: unknown): unknown {
  try {
    return applyJsonPatch(current, operations as JsonPatchOperation[])
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error
    // NewGenericServerResponse of 422 carries the reason of the patch as an unexpected server response.
    const details = { causes: [{ reason: 'UnexpectedServerResponse', message: error.message }] }
    throw new StatusError({
      code: 422,
      reason: 'Invalid',
      message: `the server rejected our request due to an error in our request: ${error.message}`,
      details,
    })
  }
}
