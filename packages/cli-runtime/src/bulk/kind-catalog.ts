import {
  formatGroupVersion,
  type GroupVersionKind,
  groupVersionKindOf,
  isJsonObject,
  type Unstructured,
} from '@k1s/apimachinery'
import type { DiscoveredResource, ResourceKind } from '@k1s/core'
import { createRestMapper } from '../mapping/discovery-rest-mapper.ts'
import type { RestMapper } from '../mapping/rest-mapper.ts'
import { isDefinition } from './import-order.ts'
import type { ObjectName } from './object-name.ts'

/** A kind of the objects to be imported, in the version of a file. */
export interface CatalogKind extends ResourceKind {
  /** Whether `status` is written on its own. */
  readonly statusSubresource: boolean
  /** The definition among the objects to be imported without which the kind is not there. */
  readonly definition?: ObjectName
}

/** The kinds that the target serves, and those that it will serve once definitions are imported. */
export class KindCatalog {
  readonly #mapper: RestMapper
  readonly #defined = new Map<string, CatalogKind>()

  constructor(discovered: readonly DiscoveredResource[]) {
    this.#mapper = createRestMapper(discovered)
  }

  /** Adds the kinds that a CustomResourceDefinition is about to bring. */
  define(definition: Unstructured): void {
    const { group, kind } = groupVersionKindOf(definition)
    const { spec } = definition
    const { name = '' } = definition.metadata
    if (!isDefinition({ group, kind }) || !isJsonObject(spec) || !isJsonObject(spec.names)) return
    for (const version of Array.isArray(spec.versions) ? spec.versions : []) {
      if (!isJsonObject(version) || version.served !== true) continue
      const described: CatalogKind = {
        group: String(spec.group),
        version: String(version.name),
        kind: String(spec.names.kind),
        plural: String(spec.names.plural),
        namespaced: spec.scope === 'Namespaced',
        statusSubresource: isJsonObject(version.subresources) && 'status' in version.subresources,
        definition: { group, kind, namespace: '', name },
      }
      this.#defined.set(keyOfKind(described), described)
    }
  }

  /** Throws a NoKindMatchError, with kinds that are near. */
  kindOf(kind: GroupVersionKind): CatalogKind {
    const defined = this.#defined.get(keyOfKind(kind))
    if (defined !== undefined) return defined
    const { group, version, kind: name, plural, namespaced, resource } = this.#mapper.mappingForKind(kind)
    const statusSubresource = resource.subresources[version]?.includes('status') === true
    return { group, version, kind: name, plural, namespaced, statusSubresource }
  }
}

function keyOfKind({ group, version, kind }: GroupVersionKind): string {
  return `${formatGroupVersion({ group, version })} ${kind}`
}
