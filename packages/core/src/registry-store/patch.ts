import {
  applyJsonPatch,
  applyMergePatch,
  exceedsMaxDepth,
  isJsonObject,
  JsonPatchError,
  type JsonPatchOperation,
  jsonTypeName,
  newBadRequest,
  newUnsupportedMediaType,
  type StatusError,
  type Unstructured,
} from '@k1s/apimachinery'
import type { ApiResponse } from '../request.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import { decodeBody } from './decode-body.ts'
import { checkObjectName, checkObjectNamespace } from './identity-check.ts'
import { rejectedPatch } from './rejected-patch.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { updateScale } from './scale.ts'
import { structOf } from './struct-of.ts'
import { writeUpdate } from './write-update.ts'

/** The patch handlers of `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`. */
export async function patch(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request } = resourceRequest
  if (request.patchType === 'application/apply-patch+yaml') {
    const { apply } = await import('./apply.ts')
    return apply(context, resourceRequest)
  }
  if (exceedsMaxDepth(request.body)) throw newBadRequest('error decoding patch: json: exceeded max depth')
  const patcher = patcherOf(resourceRequest)
  const applyPatch = patcher instanceof Promise ? await patcher : patcher
  if (request.subresource === 'scale') return updateScale(context, resourceRequest, applyPatch)
  return writeUpdate(context, resourceRequest, async (current, strategy, attempt) => {
    const patched = await decodeBody(attempt, strategy, applyPatch(current))
    checkObjectNamespace(resourceRequest, patched)
    checkObjectName(resourceRequest, patched)
    return patched
  })
}

type Patcher = (current: Unstructured) => unknown

function patcherOf({ request, definition, version }: ResourceRequest): Patcher | Promise<Patcher> {
  const { patchType, body } = request
  switch (patchType) {
    case 'application/json-patch+json':
      return (current) => jsonPatch(current, body)
    case 'application/merge-patch+json':
      if (!isJsonObject(body)) throw notAMergePatch(body)
      return (current) => applyMergePatch(current, body)
    case 'application/strategic-merge-patch+json': {
      const struct = structOf(version)
      if (struct === undefined) throw unsupportedPatchType(definition)
      return import('./strategic-patch.ts').then(({ strategicPatcher }) => strategicPatcher(struct, body))
    }
    default:
      throw unsupportedPatchType(definition)
  }
}

function notAMergePatch(body: unknown): StatusError {
  if (body === null) return newBadRequest('Invalid JSON Patch')
  const problem = `json: cannot unmarshal ${jsonTypeName(body)} into Go value of type map[string]interface {}`
  return newBadRequest(`error decoding patch: ${problem}`)
}

/** Only built-in kinds have types that say how a strategic merge patch is merged. */
function unsupportedPatchType({ origin }: ResourceDefinition): StatusError {
  const strategic = origin === 'builtin' ? ', application/strategic-merge-patch+json' : ''
  return newUnsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json${strategic}, application/apply-patch+yaml`,
  )
}

function jsonPatch(current: Unstructured, operations: unknown): unknown {
  try {
    return applyJsonPatch(current, operations as JsonPatchOperation[])
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error
    throw rejectedPatch(error.message)
  }
}
