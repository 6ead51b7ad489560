import type { DiscoveredResource } from '../request.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import { servedVerbs } from './served-verbs.ts'

/** The part of a definition that discovery shows. Versions are in order of preference. */
type Describable = Pick<
  ResourceDefinition,
  'group' | 'kind' | 'plural' | 'singular' | 'shortNames' | 'categories' | 'scope' | 'unsupportedVerbs'
> &
  // A stored definition is no built-in one.
  Partial<Pick<ResourceDefinition, 'origin'>> & {
    readonly versions: readonly Pick<
      ResourceVersionDefinition,
      'name' | 'served' | 'finalizeSubresource' | 'statusSubresource' | 'scaleSubresource'
    >[]
  }

/** A definition as discovery shows it. */
export function discoveredResource(definition: Describable): DiscoveredResource {
  const served = definition.versions.filter((version) => version.served)
  return {
    group: definition.group,
    kind: definition.kind,
    name: definition.plural,
    singularName: definition.singular,
    shortNames: definition.shortNames,
    categories: definition.categories,
    namespaced: definition.scope === 'Namespaced',
    verbs: servedVerbs(definition),
    versions: served.map((version) => version.name),
    subresources: Object.fromEntries(
      served.map((version) => [
        version.name,
        [
          ...(version.finalizeSubresource ? ['finalize'] : []),
          ...(version.statusSubresource ? ['status'] : []),
          ...(version.scaleSubresource !== undefined ? ['scale'] : []),
        ],
      ]),
    ),
  }
}
