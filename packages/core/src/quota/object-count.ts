/** Resources that could be limited by their bare name before all could be by `count/`: `legacyObjectCountAliases`. */
const legacyNames: ReadonlySet<string> = new Set([
  'configmaps',
  'resourcequotas',
  'replicationcontrollers',
  'secrets',
])

/** Not counted: `ignoredResources` of `k8s.io/kubernetes/pkg/quota/v1/install`. Both views of Events are one. */
const ignoredResources: ReadonlySet<string> = new Set(['events'])

const prefix = 'count/'

export function isCounted(resource: string): boolean {
  return !ignoredResources.has(resource)
}

/** The names under which a quota may limit the number of objects of a resource, `items.inventory.k1s.dev`. */
export function countNames(resource: string): readonly string[] {
  return legacyNames.has(resource) ? [prefix + resource, resource] : [prefix + resource]
}

/** The resource whose objects a name of a quota counts; undefined if it is for something else. */
export function countedResource(name: string): string | undefined {
  if (legacyNames.has(name)) return name
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined
}
