import {
  copyJson,
  formatGroupVersion,
  type KubernetesList,
  type KubernetesObject,
  newBadRequest,
  parseLabelSelector,
} from '@k1s/apimachinery'
import type { Client, Kind, ResourceKind } from '@k1s/core'
import { type Indexer, namespaceIndex } from '@k1s/core/informers'
import type { CacheListOptions } from './cache.ts'

/** Whether a list asks for something that only the API can answer, and no cache. */
export function isAnsweredLive({
  fieldSelector,
  continue: token,
  resourceVersion,
  resourceVersionMatch,
}: CacheListOptions): boolean {
  return [fieldSelector, token, resourceVersion, resourceVersionMatch].some((value) => value !== undefined)
}

/** Lists from the API. Throws a BadRequest if the list asks for an index too, which only caches have. */
export async function listLive<T extends KubernetesObject>(
  client: Client,
  kind: Kind<T>,
  { matchingFields, sharesObjects: _, ...options }: CacheListOptions,
): Promise<KubernetesList<T>> {
  if (matchingFields !== undefined) {
    throw newBadRequest(
      'matchingFields: Forbidden: indexes are of the cache, and the list asks for what only the server can tell: fieldSelector, continue, resourceVersion or resourceVersionMatch',
    )
  }
  return client.list(kind, options)
}

/** The objects of a cache that a list asks for: `CacheReader.List`. Throws a BadRequest for an index that was not made. */
export function selectObjects<T extends KubernetesObject>(
  kind: ResourceKind,
  indexer: Indexer<T>,
  resourceVersion: string,
  options: CacheListOptions,
): KubernetesList<T> {
  const { namespace, labelSelector, limit, matchingFields = {}, sharesObjects = false } = options
  const fields = Object.entries(matchingFields)
  for (const [index] of fields) {
    if (!indexer.hasIndex(index)) {
      throw newBadRequest(`Index with name ${index} does not exist: make it with indexField(${kind.kind}, …)`)
    }
  }
  const [first, ...others] = fields
  let objects =
    first !== undefined
      ? indexer.byIndex(...first)
      : namespace === undefined
        ? indexer.list()
        : indexer.byIndex(namespaceIndex, namespace)
  for (const [index, value] of others) {
    const found = new Set(indexer.byIndex(index, value))
    objects = objects.filter((object) => found.has(object))
  }
  if (first !== undefined && namespace !== undefined) {
    objects = objects.filter(({ metadata }) => metadata.namespace === namespace)
  }
  if (labelSelector !== undefined) {
    const selector = parseLabelSelector(labelSelector)
    objects = objects.filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
  }
  if (limit !== undefined && limit > 0) objects = objects.slice(0, limit)
  return {
    apiVersion: formatGroupVersion(kind),
    kind: `${kind.kind}List`,
    metadata: { resourceVersion },
    items: sharesObjects ? objects : objects.map(copyJson),
  }
}
