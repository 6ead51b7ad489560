import type { KubernetesList, KubernetesObject } from '@k1s/apimachinery'
import type { CallOptions, Kind, ListOptions, ObjectKey } from '@k1s/core'
import type { IndexFunction, SharedIndexInformer } from '@k1s/core/informers'

export type { IndexFunction }

/** What a list of the cache may ask for beside what any list may. */
export interface CacheListOptions extends ListOptions {
  /** Only objects that an index made by `indexField` has under this value: `client.MatchingFields`. */
  readonly matchingFields?: { readonly [index: string]: string }
  /** The objects of the cache itself, which nobody may change, in place of copies. Default: false. */
  readonly sharesObjects?: boolean
}

/** Reads objects: `client.Reader`. */
export interface Reader {
  get<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options?: CallOptions): Promise<T>
  list<T extends KubernetesObject>(kind: Kind<T>, options?: CacheListOptions): Promise<KubernetesList<T>>
}

/**
 * Objects in memory, kept true by the API: `cache.Cache`. A kind is kept from the first time that it is asked for. Errors are
 * those of the client; an index that was not made is a BadRequest.
 */
export interface Cache extends Reader {
  /**
   * Makes an index: `FieldIndexer.IndexField`. Whoever asks for the kind first has it kept with the index. Throws an Error
   * if there is one of this name for the kind already.
   */
  indexField<T extends KubernetesObject>(kind: Kind<T>, index: string, valuesOf: IndexFunction<T>): void
}

/** A cache that follows the API by watches, for a manager that keeps running. */
export interface InformerCache extends Cache {
  /** The informer of a kind, which is started if the cache is. */
  informerFor<T extends KubernetesObject>(
    kind: Kind<T>,
    options?: { readonly onlyMetadata?: boolean },
  ): SharedIndexInformer<T>
  /** Starts all informers, also those asked for later, until the signal aborts; resolves when they have ended. */
  start(signal: AbortSignal): Promise<void>
  /** False if the signal aborted before all informers had their objects. */
  waitForCacheSync(signal: AbortSignal): Promise<boolean>
}
