import { isAlreadyExists } from '@k1s/apimachinery'
import { cloneJson } from '../clone-json.ts'
import type { ApiResponse } from '../request.ts'
import { objectKey } from '../resource-path.ts'
import { create, type ReadNew, readBody } from './create.ts'
import { decodeBody } from './decode-body.ts'
import { checkObjectName, checkObjectNamespace, checkObjectUID } from './identity-check.ts'
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
  if (mayCreate && !(await exists(context.storage, key))) {
    const told = resourceRequest.warnings.length
    try {
      return await create(context, resourceRequest, readMissing)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      // Somebody else has created it meanwhile.
      resourceRequest.warnings.length = told
    }
  }
  const object = await decodeBody(resourceRequest, strategy, request.body)
  checkObjectNamespace(resourceRequest, object)
  checkObjectName(resourceRequest, object)
  return writeUpdate(context, resourceRequest, () => cloneJson(object))
}

/** What is not there is created whatever its resourceVersion, unless a certain object was meant, by its uid. */
const readMissing: ReadNew = async (resourceRequest, strategy) => {
  const object = await readBody(resourceRequest, strategy)
  checkObjectNamespace(resourceRequest, object)
  checkObjectName(resourceRequest, object)
  checkObjectUID(resourceRequest, object)
  delete object.metadata.resourceVersion
  return object
}
