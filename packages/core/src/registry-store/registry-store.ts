import type { AdmissionFunctions } from '../admission/admission-functions.ts'
import type { Handler } from '../chain/handler.ts'
import type { ApiResponse } from '../request.ts'
import { changes } from './changes.ts'
import { get, list, watch } from './read.ts'
import { type ResourceRequest, resolveRequest, type StoreContext } from './resource-request.ts'

/**
 * The end of the chain: `Store` of `k8s.io/apiserver/pkg/registry/generic/registry` for every resource. Writing
 * verbs, and with them admission, are loaded when the first one comes. `functions` are those of the application.
 */
export function registryStore(context: StoreContext, functions: AdmissionFunctions): Handler {
  let write: ResourceHandler | undefined
  let loading: Promise<ResourceHandler> | undefined
  return async (request) => {
    const resolving = resolveRequest(context, request)
    const resourceRequest = resolving instanceof Promise ? await resolving : resolving
    switch (request.verb) {
      case 'get':
        return get(context, resourceRequest)
      case 'list':
        return list(context, resourceRequest)
      case 'watch':
        return request.collapsesEvents === true
          ? changes(context, resourceRequest)
          : watch(context, resourceRequest)
    }
    loading ??= loadWrite(context, functions)
    // Once it is there, it is not waited for.
    write ??= await loading
    return await write(resourceRequest)
  }
}

type ResourceHandler = (resourceRequest: ResourceRequest) => Promise<ApiResponse>

async function loadWrite(context: StoreContext, functions: AdmissionFunctions): Promise<ResourceHandler> {
  const [{ write }, { createAdmission }] = await Promise.all([
    import('./write.ts'),
    import('../admission/create-admission.ts'),
  ])
  const admitting = { ...context, admission: createAdmission({ ...context, functions }) }
  return (resourceRequest) => write(admitting, resourceRequest)
}
