import {
  type Clock,
  formatGroupResource,
  type KubernetesObject,
  systemClock,
  type Unstructured,
} from '@k1s/apimachinery'
import type { Client, Kind, ListOptions, WatchOptions } from '../client.ts'
import { HandlerQueue } from './handler-queue.ts'
import { IndexedStore, objectKeyOf } from './indexed-store.ts'
import type { IndexFunction } from './indexer.ts'
import { isExpired, type ListerWatcher, Reflector, type ReflectorStore } from './reflector.ts'
import type {
  HandlerOptions,
  HandlerRegistration,
  ResourceEventHandler,
  SharedIndexInformer,
} from './shared-informer.ts'

export interface SharedInformerOptions<T extends KubernetesObject = Unstructured> {
  /** Whose rights decide what the informer sees. */
  readonly client: Client
  /** Default: that of the machine. */
  readonly clock?: Clock
  /** How often handlers that do not say otherwise are told of all objects, milliseconds. Default: 0, never. */
  readonly resyncPeriod?: number
  /** Default: all. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly indexers?: { readonly [name: string]: IndexFunction<T> }
  /** Objects are PartialObjectMetadata. Default: false. */
  readonly onlyMetadata?: boolean
}

/** The shortest period of a resync, milliseconds: `minimumResyncPeriod` of `client-go`. */
const shortestResyncPeriod = 1000

/**
 * An informer of the objects of a kind: `cache.NewSharedIndexInformer`. It has nothing before it runs.
 *
 * A failed list or watch is tried again after 0.8 seconds, and with each failure twice as long, up to a minute. Unless
 * `setWatchErrorHandler` says what to do with the failure, it becomes a warning of the process.
 */
export function createSharedInformer<T extends KubernetesObject>(
  kind: Kind<T>,
  options: SharedInformerOptions<T>,
): SharedIndexInformer<T> {
  return new SharedInformer(kind, options)
}

class SharedInformer<T extends KubernetesObject> implements SharedIndexInformer<T>, ReflectorStore<T> {
  readonly indexer: IndexedStore<T>
  readonly synced: Promise<void>
  readonly #clock: Clock
  readonly #resyncPeriod: number
  readonly #reflector: Reflector<T>
  readonly #queues = new Set<HandlerQueue<T>>()
  readonly #removedQueues = new Set<HandlerQueue<T>>()
  readonly #failing = new AbortController()
  #phase: 'new' | 'running' | 'stopped' = 'new'
  #hasSynced = false
  #resolveSynced!: () => void
  #transform: ((object: T) => T) | undefined
  #watchErrorHandler: (error: unknown) => void

  constructor(
    kind: Kind<T>,
    { clock = systemClock, resyncPeriod = 0, ...options }: SharedInformerOptions<T>,
  ) {
    const name = formatGroupResource({ group: kind.group, resource: kind.plural })
    this.indexer = new IndexedStore(options.indexers)
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve
    })
    this.#clock = clock
    this.#resyncPeriod = resyncPeriod
    this.#watchErrorHandler = (error) => warn(name, error)
    this.#reflector = new Reflector({
      name,
      // A transform may change the object that it is given, which then has to be its own.
      source: listerWatcherOf(kind, options, () => this.#transform === undefined),
      store: this,
      clock,
      onFailure: (error) => this.#watchErrorHandler(error),
    })
  }

  get hasSynced(): boolean {
    return this.#hasSynced
  }

  get lastSyncResourceVersion(): string {
    return this.#reflector.lastSyncResourceVersion
  }

  addEventHandler(
    handler: ResourceEventHandler<T>,
    { resyncPeriod = this.#resyncPeriod }: HandlerOptions = {},
  ): HandlerRegistration {
    if (this.#phase === 'stopped') {
      throw new Error('the handler was not added to shared informer because it has stopped already')
    }
    const queue = new HandlerQueue({
      handler,
      clock: this.#clock,
      resyncPeriod: resyncPeriod > 0 ? Math.max(resyncPeriod, shortestResyncPeriod) : 0,
      onFailure: (error) => this.#failing.abort(error),
    })
    this.#queues.add(queue)
    if (this.#phase === 'running') queue.startResync(() => this.indexer.list())
    if (this.#hasSynced) {
      for (const object of this.indexer.list()) queue.add(object, true)
      queue.informerSynced()
      queue.reached(this.lastSyncResourceVersion)
    }
    return queue
  }

  removeEventHandler(registration: HandlerRegistration): void {
    const queue = registration as HandlerQueue<T>
    if (!this.#queues.delete(queue)) return
    queue.close()
    this.#removedQueues.add(queue)
    queue.delivered().then(() => this.#removedQueues.delete(queue))
  }

  addIndexers(indexers: { readonly [name: string]: IndexFunction<T> }): void {
    if (this.#phase === 'stopped') {
      throw new Error('indexer was not added because it has stopped already')
    }
    this.indexer.addIndexers(indexers)
  }

  setTransform(transform: (object: T) => T): void {
    this.#checkNotStarted()
    this.#transform = transform
  }

  setWatchErrorHandler(handler: (error: unknown) => void): void {
    this.#checkNotStarted()
    this.#watchErrorHandler = handler
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#checkNotStarted()
    this.#phase = 'running'
    for (const queue of this.#queues) queue.startResync(() => this.indexer.list())
    try {
      await this.#reflector.run(AbortSignal.any([signal, this.#failing.signal]))
    } finally {
      this.#phase = 'stopped'
      for (const queue of this.#queues) queue.stopResync()
      await Promise.all([...this.#queues, ...this.#removedQueues].map((queue) => queue.delivered()))
    }
    this.#failing.signal.throwIfAborted()
  }

  replace(objects: readonly T[]): void {
    const listed = objects.map((object) => this.#transformed(object))
    for (const object of listed) this.#put(object)
    if (this.#hasSynced) {
      const keys = new Set(listed.map(objectKeyOf))
      for (const key of [...this.indexer.keys()]) {
        if (!keys.has(key)) this.#removed(this.indexer.remove(key)!, true)
      }
      return
    }
    this.#hasSynced = true
    for (const queue of this.#queues) queue.informerSynced()
    this.#resolveSynced()
  }

  put(object: T): void {
    this.#put(this.#transformed(object))
  }

  remove(object: T): void {
    const last = this.#transformed(object)
    if (this.indexer.remove(objectKeyOf(last)) !== undefined) this.#removed(last, false)
  }

  reached(resourceVersion: string): void {
    for (const queue of this.#queues) queue.reached(resourceVersion)
  }

  #put(object: T): void {
    const previous = this.indexer.put(object)
    if (previous === undefined) {
      for (const queue of this.#queues) queue.add(object, !this.#hasSynced)
    } else if (previous.metadata.resourceVersion !== object.metadata.resourceVersion) {
      for (const queue of this.#queues) queue.update(previous, object)
    }
  }

  #removed(object: T, isStateUnknown: boolean): void {
    for (const queue of this.#queues) queue.delete(object, isStateUnknown)
  }

  #transformed(object: T): T {
    return this.#transform === undefined ? object : this.#transform(object)
  }

  #checkNotStarted(): void {
    if (this.#phase !== 'new') throw new Error('informer has already started')
  }
}

function listerWatcherOf<T extends KubernetesObject>(
  kind: Kind<T>,
  { client, onlyMetadata, namespace, labelSelector, fieldSelector }: SharedInformerOptions<T>,
  sharesObjects: () => boolean,
): ListerWatcher<T> {
  const selection = {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  }
  const source = (onlyMetadata ? client.metadata : client) as Pick<Client, 'list' | 'watch'>
  return {
    list: (options: ListOptions) => source.list(kind, { ...options, ...selection }),
    watch: (options: WatchOptions) =>
      source.watch(kind, { ...options, ...selection, sharesObjects: sharesObjects() }),
  }
}

/** `DefaultWatchErrorHandler` of `client-go`: that a version was forgotten is in the nature of watches. */
function warn(name: string, error: unknown): void {
  if (isExpired(error)) return
  process.emitWarning(`Failed to watch ${name}: ${error instanceof Error ? error.message : error}`)
}
