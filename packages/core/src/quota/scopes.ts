import type { ResourceQuota } from '../builtin/resource-quota.ts'

const podScopes = new Set([
  'Terminating',
  'NotTerminating',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
])
const podResources = new Set([
  'pods',
  'cpu',
  'memory',
  'limits.cpu',
  'limits.memory',
  'requests.cpu',
  'requests.memory',
])
const claimResources = new Set(['persistentvolumeclaims', 'requests.storage'])

export function isStandardScope(scope: string): boolean {
  return podScopes.has(scope) || scope === 'BestEffort' || scope === 'VolumeAttributesClass'
}

/** `IsResourceQuotaScopeValidForResource` of `k8s.io/kubernetes/pkg/apis/core/helper`. */
export function isScopeFor(scope: string, resource: string): boolean {
  if (podScopes.has(scope)) return podResources.has(resource)
  if (scope === 'BestEffort') return resource === 'pods'
  return scope === 'VolumeAttributesClass' ? claimResources.has(resource) : true
}

/** Scopes select pods and claims, none of which are served here: a quota with a scope counts no object. */
export function hasScopes({ spec }: ResourceQuota): boolean {
  return (spec?.scopes ?? []).length > 0 || (spec?.scopeSelector?.matchExpressions ?? []).length > 0
}
