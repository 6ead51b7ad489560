import { cloneJson } from '../clone-json.ts'
import type { ApiResponse } from '../request.ts'
import { objectKey } from '../resource-path.ts'
import { create } from './create.ts'
import { decodeBody } from './decode-body.ts'
import { checkObjectName, checkObjectNamespace } from './identity-check.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { updateScale } from './scale.ts'
import { exists } from './stored-object.ts'
import { strategyOf } from './strategy.ts'
import { writeUpdate } from './write-update.ts'

/** `Store.Update` of `k8s.io/apiserver/pkg/registry/generic/registry` with a whole object as its body. */
export async function update(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request, definition } = resourceRequest
  if (request.subresource === 'scale') return updateScale(context, resourceRequest, () => request.body)
  const strategy = await strategyOf(definition)
  const key = objectKey(request.tenant, definition, request.namespace, request.name!)
  const mayCreate = strategy.allowCreateOnUpdate === true && request.subresource === undefined
  if (mayCreate && !(await exists(context.storage, key))) return create(context, resourceRequest)
  const object = await decodeBody(resourceRequest, strategy, request.body)
  checkObjectNamespace(resourceRequest, object)
  checkObjectName(resourceRequest, object)
  return writeUpdate(context, resourceRequest, () => cloneJson(object))
}
