import type { Handler } from '../chain/handler.ts'
import { get, list, watch } from './read.ts'
import { resolveRequest, type StoreContext } from './resource-request.ts'

/**
 * The end of the chain: `Store` of `k8s.io/apiserver/pkg/registry/generic/registry` for every resource. Writing
 * verbs are loaded when the first one comes.
 */
export function registryStore(context: StoreContext): Handler {
  let writing: typeof import('./write.ts') | undefined
  return async (request) => {
    const resolving = resolveRequest(context.registry, request)
    const resourceRequest = resolving instanceof Promise ? await resolving : resolving
    switch (request.verb) {
      case 'get':
        return get(context, resourceRequest)
      case 'list':
        return list(context, resourceRequest)
      case 'watch':
        return watch(context, resourceRequest)
    }
    // An import takes its time even if the module is there.
    writing ??= await import('./write.ts')
    return await writing.write(context, resourceRequest)
  }
}
