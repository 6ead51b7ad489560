import type { DiscoveredResource } from '../request.ts'
import type { ResourceDefinition } from '../resource-definition.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const

/** A definition as discovery shows it. */
export function discoveredResource(definition: ResourceDefinition): DiscoveredResource {
  const served = definition.versions.filter((version) => version.served)
  return {
    group: definition.group,
    kind: definition.kind,
    name: definition.plural,
    singularName: definition.singular,
    shortNames: definition.shortNames,
    categories: definition.categories,
    namespaced: definition.scope === 'Namespaced',
    verbs: verbs.filter((verb) => definition.unsupportedVerbs?.includes(verb) !== true),
    versions: served.map((version) => version.name),
    subresources: Object.fromEntries(
      served.map((version) => [
        version.name,
        [
          ...(version.statusSubresource ? ['status'] : []),
          ...(version.scaleSubresource !== undefined ? ['scale'] : []),
        ],
      ]),
    ),
  }
}
