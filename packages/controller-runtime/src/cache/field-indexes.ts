import type { KubernetesObject } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'
import type { IndexFunction } from './cache.ts'
import { kindKey } from './kind-key.ts'

type Indexers = { [name: string]: IndexFunction<KubernetesObject> }

/** The indexes that an application made, by kind: what caches give to the kinds that they keep. */
export class FieldIndexes {
  readonly #indexes = new Map<string, Indexers>()

  /** Throws an Error if the kind has one of this name. */
  add<T extends KubernetesObject>(kind: Kind<T>, index: string, valuesOf: IndexFunction<T>): void {
    const indexers = this.#indexes.get(kindKey(kind)) ?? {}
    if (Object.hasOwn(indexers, index)) {
      throw new Error(`indexer conflict: ${kind.kind} has an index ${index} already`)
    }
    indexers[index] = valuesOf as IndexFunction<KubernetesObject>
    this.#indexes.set(kindKey(kind), indexers)
  }

  of<T extends KubernetesObject>(kind: Kind<T>): { readonly [name: string]: IndexFunction<T> } {
    return (this.#indexes.get(kindKey(kind)) ?? {}) as { [name: string]: IndexFunction<T> }
  }
}
