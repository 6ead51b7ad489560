import type { GroupVersionResources, VersionedResource } from './group-versions.ts'
import { resourceVerbs, type SubresourceKind, subresourcesOf } from './resource-verbs.ts'
import { storageVersionHash } from './storage-version-hash.ts'

/** `metav1.APIResource`. */
export interface APIResource {
  /** The plural name, `configmaps`, or that of a subresource, `namespaces/status`. */
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  /** Group and version of the kind, where they are not those of the list. */
  readonly group?: string
  readonly version?: string
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly storageVersionHash?: string
}

/** `metav1.APIResourceList`, the answer of `/api/v1` and `/apis/{group}/{version}`. */
export interface APIResourceList {
  readonly kind: 'APIResourceList'
  /** Not in the list of the core group: `keepUnversioned` of `k8s.io/apiserver/pkg/endpoints/discovery`. */
  readonly apiVersion?: 'v1'
  readonly groupVersion: string
  readonly resources: readonly APIResource[]
}

export function apiResourceList({ group, groupVersion, resources }: GroupVersionResources): APIResourceList {
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion,
    resources: resources.flatMap((resource) => [
      apiResource(resource),
      ...subresourcesOf(resource).map((subresource) => apiSubresource(resource, subresource)),
    ]),
  }
}

function apiResource(resource: VersionedResource): APIResource {
  const { plural, singular, scope, kind, shortNames, categories } = resource.definition
  return {
    name: plural,
    singularName: singular,
    namespaced: scope === 'Namespaced',
    kind,
    verbs: resourceVerbs(resource),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    storageVersionHash: storageVersionHash(resource.definition),
  }
}

function apiSubresource({ definition }: VersionedResource, subresource: SubresourceKind): APIResource {
  const { name, group, version, kind, verbs } = subresource
  return {
    name: `${definition.plural}/${name}`,
    singularName: '',
    namespaced: definition.scope === 'Namespaced',
    ...(name === 'scale' && { group, version }),
    kind,
    verbs,
  }
}
