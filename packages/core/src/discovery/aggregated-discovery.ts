import type { GroupVersionResources, VersionedResource } from './group-versions.ts'
import { resourceVerbs, subresourcesOf } from './resource-verbs.ts'

interface ResponseKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** `APIResourceDiscovery` of `apidiscovery.k8s.io/v2`. */
export interface APIResourceDiscovery {
  readonly resource: string
  /** Group and version are empty where they are those of the resource, for built-in kinds. */
  readonly responseKind: ResponseKind
  readonly scope: 'Cluster' | 'Namespaced'
  readonly singularResource: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly {
    readonly subresource: string
    readonly responseKind: ResponseKind
    readonly verbs: readonly string[]
  }[]
}

/** `APIGroupDiscovery` of `apidiscovery.k8s.io/v2`. */
export interface APIGroupDiscovery {
  readonly metadata: { readonly name?: string }
  /** In order of preference. */
  readonly versions: readonly {
    readonly version: string
    readonly resources: readonly APIResourceDiscovery[]
    readonly freshness: 'Current'
  }[]
}

/** `APIGroupDiscoveryList` of `apidiscovery.k8s.io/v2`, the answer of `/api` and `/apis` to who asks for it. */
export interface APIGroupDiscoveryList {
  readonly kind: 'APIGroupDiscoveryList'
  readonly apiVersion: 'apidiscovery.k8s.io/v2'
  readonly metadata: Readonly<Record<string, never>>
  readonly items: readonly APIGroupDiscovery[]
}

/** `prefix` says whether it is about the core group or about all others. */
export function aggregatedDiscovery(
  groupVersions: readonly GroupVersionResources[],
  prefix: '/api' | '/apis',
): APIGroupDiscoveryList {
  const served = groupVersions.filter(({ group }) => (group === '') === (prefix === '/api'))
  const groups = [...new Set(served.map(({ group }) => group))]
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((name) => ({
      metadata: name === '' ? {} : { name },
      versions: served
        .filter(({ group }) => group === name)
        .map(({ version, resources }) => ({
          version,
          resources: resources.map(resourceDiscovery),
          freshness: 'Current',
        })),
    })),
  }
}

function resourceDiscovery(resource: VersionedResource): APIResourceDiscovery {
  const { definition, version } = resource
  const { group, plural, singular, scope, kind, shortNames, categories } = definition
  const subresources = subresourcesOf(resource).map(({ name, verbs, ...responseKind }) => ({
    subresource: name,
    responseKind: name === 'scale' ? responseKind : ownKind(resource, responseKind),
    verbs,
  }))
  return {
    resource: plural,
    responseKind: ownKind(resource, { group, version: version.name, kind }),
    scope,
    singularResource: singular,
    verbs: resourceVerbs(resource),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && { subresources }),
  }
}

function ownKind({ definition }: VersionedResource, kind: ResponseKind): ResponseKind {
  return definition.origin === 'builtin' ? { group: '', version: '', kind: kind.kind } : kind
}
