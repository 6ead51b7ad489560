import { formatGroupResource } from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import { rankOfKind } from './import-order.ts'

/**
 * What can be exported and created again: each resource once, also if several groups serve the same objects. In the
 * order in which they are exported, which is also one in which they can be created.
 */
export function exportableResources(discovered: readonly DiscoveredResource[]): DiscoveredResource[] {
  return discovered
    .filter(({ verbs }) => verbs.includes('list') && verbs.includes('create'))
    .filter((resource) => !isSecondView(resource, discovered))
    .sort((a, b) => rankOfKind(a) - rankOfKind(b) || (qualifiedName(a) < qualifiedName(b) ? -1 : 1))
}

/** Resources that are not exported unless somebody asks for them: what they hold is of no use for long. */
export function isTransient({ group, name }: DiscoveredResource): boolean {
  return name === 'events' && (group === '' || group === 'events.k8s.io')
}

/** `items.inventory.k1s.dev`, `configmaps`. */
export function qualifiedName({ group, name }: DiscoveredResource): string {
  return formatGroupResource({ group, resource: name })
}

/** Events are one set of objects in two groups; clusters before 1.22 served workloads and ingresses twice. */
function isSecondView(
  { group, name }: DiscoveredResource,
  discovered: readonly DiscoveredResource[],
): boolean {
  if (group === 'events.k8s.io') return discovered.some((other) => other.group === '' && other.name === name)
  return group === 'extensions' && discovered.some((other) => other.group !== group && other.name === name)
}
