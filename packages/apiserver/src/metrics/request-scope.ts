import type { RequestInfo } from '../request-info/request-info.ts'

/** How much a request is about: `CleanScope` of `k8s.io/apiserver/pkg/endpoints/metrics`. */
export function scopeOf({
  verb,
  name,
  namespace,
}: Pick<RequestInfo, 'verb' | 'name' | 'namespace'>): 'resource' | 'namespace' | 'cluster' {
  if (name !== undefined || verb === 'create') return 'resource'
  return namespace === undefined ? 'cluster' : 'namespace'
}
