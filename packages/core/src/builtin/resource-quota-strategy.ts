import { newBadRequest, parseQuantity, type Unstructured } from '@k1s/apimachinery'
import type { ResourceStrategy } from '../resource-definition.ts'
import type { ResourceList, ResourceQuota } from './resource-quota.ts'
import { validateResourceQuota, validateResourceQuotaUpdate } from './validate-resource-quota.ts'

/** `strategy.go` of `k8s.io/kubernetes/pkg/registry/core/resourcequota`. */
export const resourceQuotaStrategy: ResourceStrategy = {
  allowUnconditionalUpdate: true,
  applyDefaults(object) {
    const { spec, status } = object as ResourceQuota
    for (const list of [spec?.hard, status?.hard, status?.used]) if (list !== undefined) canonicalize(list)
  },
  validate: (object) => validateResourceQuota(object as ResourceQuota),
  validateUpdate: (object, old) => validateResourceQuotaUpdate(object as ResourceQuota, old as ResourceQuota),
  warnings: (object, old) => (old === undefined ? limitWarnings(object) : []),
}

/** Quantities as Go writes them, whatever was sent: `2`, `"1000m"`. */
function canonicalize(list: ResourceList): void {
  for (const [name, quantity] of Object.entries(list)) {
    try {
      list[name] = parseQuantity(String(quantity)).toString()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw newBadRequest(`ResourceQuota in version "v1" cannot be handled as a ResourceQuota: ${why}`)
    }
  }
}

const comparedResources = ['cpu', 'memory', 'storage', 'ephemeral-storage']

/** Requests that may be more than the limits on them. */
function limitWarnings(object: Unstructured): string[] {
  const hard = (object as ResourceQuota).spec?.hard ?? {}
  return comparedResources.flatMap((resource) => {
    const bare = resource === 'cpu' || resource === 'memory' ? [resource] : []
    const request = [`requests.${resource}`, ...bare].find((name) => hard[name] !== undefined)
    const limit = `limits.${resource}`
    if (request === undefined || hard[limit] === undefined) return []
    if (parseQuantity(hard[request]!).compare(parseQuantity(hard[limit])) <= 0) return []
    return [`ResourceQuota ${request} (${hard[request]}) should be less than ${limit} (${hard[limit]})`]
  })
}
