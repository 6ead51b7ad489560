import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import { type Indexer, type IndexFunction, namespaceIndex } from './indexer.ts'

/** The key of an object: `namespace/name`, or `name` of one that has no namespace (`cache.MetaNamespaceKeyFunc`). */
export function objectKeyOf({ metadata }: Pick<KubernetesObject, 'metadata'>): string {
  const { namespace, name = '' } = metadata
  return namespace ? `${namespace}/${name}` : name
}

/**
 * Objects by key and index: `cache.ThreadSafeStore`. What it gives back are the objects themselves, in the order in which
 * they were first put. Values of an index are taken when an object is put.
 */
export class IndexedStore<T extends KubernetesObject = Unstructured> implements Indexer<T> {
  readonly #objects = new Map<string, T>()
  readonly #indexes = new Map<string, Index<T>>()

  constructor(indexers: { readonly [name: string]: IndexFunction<T> } = {}) {
    this.addIndexers({ [namespaceIndex]: ({ metadata }) => [metadata.namespace ?? ''], ...indexers })
  }

  get size(): number {
    return this.#objects.size
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys()
  }

  list(): T[] {
    return [...this.#objects.values()]
  }

  byIndex(index: string, value: string): T[] {
    const objects: T[] = []
    for (const key of this.#index(index).keysOf(value)) objects.push(this.#objects.get(key)!)
    return objects
  }

  indexValues(index: string): string[] {
    return this.#index(index).values()
  }

  hasIndex(index: string): boolean {
    return this.#indexes.has(index)
  }

  /** Adds indexes, also of the objects that are there. Throws an Error if there is one of that name. */
  addIndexers(indexers: { readonly [name: string]: IndexFunction<T> }): void {
    for (const name of Object.keys(indexers)) {
      if (this.#indexes.has(name)) throw new Error(`indexer conflict: there is an index ${name} already`)
    }
    for (const [name, valuesOf] of Object.entries(indexers)) {
      const index = new Index(valuesOf)
      for (const [key, object] of this.#objects) index.put(key, object)
      this.#indexes.set(name, index)
    }
  }

  /** Adds an object or replaces it, and returns what it replaced. */
  put(object: T): T | undefined {
    const key = objectKeyOf(object)
    const previous = this.#objects.get(key)
    for (const index of this.#indexes.values()) index.put(key, object)
    this.#objects.set(key, object)
    return previous
  }

  /** Takes an object away and returns it. */
  remove(key: string): T | undefined {
    const previous = this.#objects.get(key)
    if (previous === undefined) return undefined
    for (const index of this.#indexes.values()) index.remove(key)
    this.#objects.delete(key)
    return previous
  }

  #index(name: string): Index<T> {
    const index = this.#indexes.get(name)
    if (index === undefined) throw new Error(`Index with name ${name} does not exist`)
    return index
  }
}

/** Which keys have which values, and the other way round. */
class Index<T extends KubernetesObject> {
  readonly #valuesOf: IndexFunction<T>
  readonly #keys = new Map<string, Set<string>>()
  readonly #values = new Map<string, readonly string[]>()

  constructor(valuesOf: IndexFunction<T>) {
    this.#valuesOf = valuesOf
  }

  keysOf(value: string): Iterable<string> {
    return this.#keys.get(value) ?? []
  }

  values(): string[] {
    return [...this.#keys.keys()]
  }

  put(key: string, object: T): void {
    const values = this.#valuesOf(object)
    this.remove(key)
    if (values.length === 0) return
    this.#values.set(key, values)
    for (const value of values) {
      const keys = this.#keys.get(value)
      if (keys === undefined) this.#keys.set(value, new Set([key]))
      else keys.add(key)
    }
  }

  remove(key: string): void {
    for (const value of this.#values.get(key) ?? []) {
      const keys = this.#keys.get(value)
      keys?.delete(key)
      if (keys?.size === 0) this.#keys.delete(value)
    }
    this.#values.delete(key)
  }
}
