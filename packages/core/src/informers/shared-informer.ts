import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Indexer, IndexFunction } from './indexer.ts'

/**
 * Told what becomes of the objects of an informer: `cache.ResourceEventHandler`. Calls come one at a time, in order; one that
 * returns a promise is waited for. Objects are those of the cache: nobody changes them.
 */
export interface ResourceEventHandler<T extends KubernetesObject = Unstructured> {
  /** `isInInitialList`: the object was there before the handler was. */
  onAdd?(object: T, isInInitialList: boolean): void | Promise<void>
  /** Of a resync, both are the same object. */
  onUpdate?(previous: T, object: T): void | Promise<void>
  /** `isStateUnknown`: the removal itself was missed, and the object is older (`DeletedFinalStateUnknown`). */
  onDelete?(object: T, isStateUnknown: boolean): void | Promise<void>
}

/** A handler that was added to an informer. */
export interface HandlerRegistration {
  /** The handler was told of every object of the first list. */
  readonly hasSynced: boolean
  /** Resolves once it has; never if it is removed before. */
  readonly synced: Promise<void>
  /** The handler was told of all that happened until this version; empty before the first list. */
  readonly resourceVersion: string
}

export interface HandlerOptions {
  /** Every so many milliseconds, `onUpdate` is called for every object. Default: the informer's. 0: never. */
  readonly resyncPeriod?: number
}

/** Keeps the objects of a kind in memory by a list and a watch, and tells handlers: `cache.SharedIndexInformer`. */
export interface SharedIndexInformer<T extends KubernetesObject = Unstructured> {
  /** May be called while it runs: the handler is first told of all objects there are. */
  addEventHandler(handler: ResourceEventHandler<T>, options?: HandlerOptions): HandlerRegistration
  removeEventHandler(registration: HandlerRegistration): void
  /** Adds indexes by name, also to one that runs. Throws an Error if there is one of that name. */
  addIndexers(indexers: { readonly [name: string]: IndexFunction<T> }): void
  /** Its objects, by key `namespace/name` or `name`. To be read only. */
  readonly indexer: Indexer<T>
  /** The first list is in the cache. */
  readonly hasSynced: boolean
  /** Resolves once it is; never if it ends before. */
  readonly synced: Promise<void>
  /** Of the last object or bookmark that it has seen; empty before the first list. */
  readonly lastSyncResourceVersion: string
  /** What is kept in place of an object, which may be the same one, changed. Throws an Error once it runs. */
  setTransform(transform: (object: T) => T): void
  /** Called when a list or watch fails, before it is tried again. Throws an Error once it runs. */
  setWatchErrorHandler(handler: (error: unknown) => void): void
  /**
   * Lists and watches until the signal aborts, once. Resolves when all handlers have been told what was seen until then. What
   * a handler throws, or the one of watch errors, ends the informer and is thrown.
   */
  run(signal: AbortSignal): Promise<void>
}
