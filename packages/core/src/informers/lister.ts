import { type KubernetesObject, newNotFound, parseLabelSelector, type Unstructured } from '@k1s/apimachinery'
import type { ResourceKind } from '../client.ts'
import { type Indexer, namespaceIndex } from './indexer.ts'

/** Reads objects of an indexer, which are to be read only: `cache.GenericNamespaceLister`. */
export interface NamespaceLister<T extends KubernetesObject = Unstructured> {
  /** Those that a label selector matches, all without one. Throws what `parseLabelSelector` throws. */
  list(labelSelector?: string): T[]
  /** Throws a NotFound StatusError. */
  get(name: string): T
}

/** `cache.GenericLister`. Its `get` is for kinds without namespaces. */
export interface Lister<T extends KubernetesObject = Unstructured> extends NamespaceLister<T> {
  namespace(namespace: string): NamespaceLister<T>
}

export function createLister<T extends KubernetesObject>(
  indexer: Indexer<T>,
  { group, plural }: ResourceKind,
): Lister<T> {
  const get = (key: string, name: string) => {
    const object = indexer.get(key)
    if (object === undefined) throw newNotFound({ group, resource: plural }, name)
    return object
  }
  return {
    list: (labelSelector) => selected(indexer.list(), labelSelector),
    get: (name) => get(name, name),
    namespace: (namespace) => ({
      list: (labelSelector) =>
        selected(
          namespace === '' ? indexer.list() : indexer.byIndex(namespaceIndex, namespace),
          labelSelector,
        ),
      get: (name) => get(namespace === '' ? name : `${namespace}/${name}`, name),
    }),
  }
}

function selected<T extends KubernetesObject>(objects: T[], labelSelector = ''): T[] {
  if (labelSelector === '') return objects
  const selector = parseLabelSelector(labelSelector)
  return objects.filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
}
