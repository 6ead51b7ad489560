import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'

/** Values under which an index finds an object: `cache.IndexFunc`. */
export type IndexFunction<T extends KubernetesObject = Unstructured> = (object: T) => readonly string[]

/** Objects by key, and by the values of indexes: the reading half of `cache.Indexer`. */
export interface Indexer<T extends KubernetesObject = Unstructured> {
  readonly size: number
  get(key: string): T | undefined
  keys(): IterableIterator<string>
  list(): T[]
  /** Objects that the index has under the value. Throws an Error if there is no such index. */
  byIndex(index: string, value: string): T[]
  /** All values of an index that objects have. */
  indexValues(index: string): string[]
  hasIndex(index: string): boolean
}

/** The index of every informer that finds objects by their namespace: `cache.NamespaceIndex`. */
export const namespaceIndex = 'namespace'
