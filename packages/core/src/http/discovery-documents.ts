import type { DiscoveredResource } from '../request.ts'

/** `apidiscovery.k8s.io/v2` and `v2beta1`, as far as it is read. */
export interface APIGroupDiscoveryList {
  readonly kind: 'APIGroupDiscoveryList'
  readonly items: readonly {
    readonly metadata: { readonly name?: string }
    readonly versions: readonly {
      readonly version: string
      readonly freshness?: string
      readonly resources?: readonly APIResourceDiscovery[]
    }[]
  }[]
}

export interface APIResourceDiscovery {
  readonly resource: string
  readonly responseKind?: { readonly kind?: string }
  readonly scope: string
  readonly singularResource?: string
  readonly verbs?: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly { readonly subresource: string }[]
}

export interface APIVersions {
  readonly versions?: readonly string[]
}

export interface APIGroupList {
  readonly groups?: readonly {
    readonly name: string
    readonly versions: readonly { readonly version: string }[]
    readonly preferredVersion?: { readonly version: string }
  }[]
}

export interface APIResourceList {
  readonly groupVersion: string
  readonly resources?: readonly {
    readonly name: string
    readonly singularName?: string
    readonly namespaced: boolean
    readonly kind: string
    readonly verbs?: readonly string[]
    readonly shortNames?: readonly string[]
    readonly categories?: readonly string[]
  }[]
}

/** Versions in order of preference. */
export interface GroupVersions {
  readonly group: string
  readonly versions: readonly string[]
}

/** Versions that a server calls stale are those of another one that does not answer. */
export function discoveredFromAggregated(documents: readonly APIGroupDiscoveryList[]): DiscoveredResource[] {
  const found = new ResourceVersions()
  for (const { metadata, versions } of documents.flatMap(({ items }) => items)) {
    for (const { version, freshness, resources = [] } of versions) {
      if (freshness === 'Stale') continue
      for (const { resource, responseKind, subresources = [], ...rest } of resources) {
        // Without a kind of its own it is there for its subresources only.
        if (!responseKind?.kind) continue
        found.add(version, {
          group: metadata.name ?? '',
          kind: responseKind.kind,
          name: resource,
          singularName: rest.singularResource ?? '',
          shortNames: rest.shortNames ?? [],
          categories: rest.categories ?? [],
          namespaced: rest.scope === 'Namespaced',
          verbs: rest.verbs ?? [],
          subresources: subresources.map(({ subresource }) => subresource),
        })
      }
    }
  }
  return found.resources
}

export function discoveredFromLists(
  groups: readonly GroupVersions[],
  lists: readonly APIResourceList[],
): DiscoveredResource[] {
  const found = new ResourceVersions()
  for (const { group, versions } of groups) {
    for (const version of versions) {
      const groupVersion = group === '' ? version : `${group}/${version}`
      const { resources = [] } = lists.find((list) => list.groupVersion === groupVersion) ?? {}
      const subresources = resources.filter(({ name }) => name.includes('/'))
      for (const { name, kind, namespaced, ...rest } of resources) {
        if (name.includes('/')) continue
        found.add(version, {
          group,
          kind,
          name,
          singularName: rest.singularName ?? '',
          shortNames: rest.shortNames ?? [],
          categories: rest.categories ?? [],
          namespaced,
          verbs: rest.verbs ?? [],
          subresources: subresources
            .filter((subresource) => subresource.name.startsWith(`${name}/`))
            .map((subresource) => subresource.name.slice(name.length + 1)),
        })
      }
    }
  }
  return found.resources
}

type VersionedResource = Omit<DiscoveredResource, 'versions' | 'subresources'> & {
  readonly subresources: readonly string[]
}

/** Brings together what each version says of a resource; the preferred one, which comes first, has the say. */
class ResourceVersions {
  readonly #resources = new Map<string, Found>()

  add(version: string, { subresources, ...resource }: VersionedResource): void {
    const key = `${resource.group}/${resource.name}`
    const known = this.#resources.get(key)
    if (known === undefined) {
      this.#resources.set(key, {
        ...resource,
        versions: [version],
        subresources: { [version]: subresources },
      })
      return
    }
    known.versions.push(version)
    known.subresources[version] = subresources
  }

  get resources(): DiscoveredResource[] {
    return [...this.#resources.values()]
  }
}

interface Found extends DiscoveredResource {
  readonly versions: string[]
  readonly subresources: { [version: string]: readonly string[] }
}
