import { isQualifiedName } from '@k1s/apimachinery'

/** What a quota can name without a domain: `standardQuotaResources` of `k8s.io/kubernetes/pkg/apis/core/helper`. */
const standardQuotaResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
])

const integerResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
}

export function isStandardQuotaResource(name: string): boolean {
  return standardQuotaResources.has(name) || isHugePages(name)
}

export function isStandardResource(name: string): boolean {
  return isStandardQuotaResource(name) || name === 'storage'
}

/** Whether a resource is counted in whole numbers: `IsIntegerResourceName`. */
export function isIntegerResource(name: string): boolean {
  return integerResources.has(name) || isExtended(name)
}

/** Names with a domain of their own, such as `example.com/gpu` and `count/items.inventory.k1s.dev`. */
function isExtended(name: string): boolean {
  const isNative = !name.includes('/') || name.includes('kubernetes.io/')
  if (isNative || name.startsWith('requests.')) return false
  return isQualifiedName(`requests.${name}`).length === 0
}
