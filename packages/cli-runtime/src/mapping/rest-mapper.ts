/**
 * From what people type to resources: `meta.RESTMapper` with the shortcut and category expansion of kubectl, over
 * the discovery of a Transport.
 */
import type { GroupKind, GroupVersionKind } from '@k1s/apimachinery'
import type { DiscoveredResource, Kind } from '@k1s/core'

/** A resource in one of its versions. Is a `Kind`, so it can be passed to a Client. */
export interface RestMapping extends Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly resource: DiscoveredResource
}

export interface RestMapper {
  /**
   * Resolves a resource argument: plural, singular, short name or kind in any case, alone or as `name.group` or
   * `name.version.group`. Throws an UnknownResourceTypeError with suggestions.
   *
   * Among several groups the core group wins, then the order of discovery.
   */
  mappingFor(resourceOrKind: string): RestMapping
  /** Resolves the kind of an object. Without a version, the preferred one. Throws a NoKindMatchError. */
  mappingForKind(kind: GroupKind | GroupVersionKind): RestMapping
  /** The members of a category such as `all`, as arguments of {@link mappingFor}; undefined if there is no such category. */
  expandCategory(name: string): string[] | undefined
  readonly resources: readonly DiscoveredResource[]
}
