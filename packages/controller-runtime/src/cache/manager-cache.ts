import type { Clock, KubernetesList, KubernetesObject } from '@k1s/apimachinery'
import type { CallOptions, Kind, ObjectKey } from '@k1s/core'
import type { Logger } from '../log/logger.ts'
import type { ManagedAPI, ManagerOptions } from '../manager/manager.ts'
import type { Cache, CacheListOptions, IndexFunction, InformerCache, Reader } from './cache.ts'
import { FieldIndexes } from './field-indexes.ts'

interface CacheParts extends Pick<ManagerOptions, 'namespaces' | 'syncPeriod'> {
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * The cache of a manager: informers while it is started, and a {@link CatchingUpCache} otherwise. On an API without `changes` a
 * triggered run has informers too.
 */
export class ManagerCache implements Cache {
  readonly #api: ManagedAPI
  readonly #parts: CacheParts
  readonly #indexes = new FieldIndexes()
  #catchingUp: Promise<Pick<Reader, 'list'>> | undefined
  #watching: InformerCache | undefined

  constructor(api: ManagedAPI, parts: CacheParts) {
    this.#api = api
    this.#parts = parts
  }

  indexField<T extends KubernetesObject>(kind: Kind<T>, index: string, valuesOf: IndexFunction<T>): void {
    this.#indexes.add(kind, index, valuesOf)
    this.#catchingUp = undefined
  }

  get<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options?: CallOptions): Promise<T> {
    return (this.#watching ?? this.#api.client).get(kind, key, options)
  }

  async list<T extends KubernetesObject>(
    kind: Kind<T>,
    options?: CacheListOptions,
  ): Promise<KubernetesList<T>> {
    if (this.#watching !== undefined) return this.#watching.list(kind, options)
    this.#catchingUp ??= this.#newCatchingUpCache()
    return (await this.#catchingUp).list(kind, options)
  }

  /** A cache of informers, which answers until the signal aborts. */
  async beginWatching(signal: AbortSignal): Promise<InformerCache> {
    const { createInformerCache } = await import('./informer-cache.ts')
    const cache = createInformerCache({ client: this.#api.client, indexes: this.#indexes, ...this.#parts })
    this.#watching = cache
    signal.addEventListener('abort', () => {
      this.#watching = undefined
    })
    return cache
  }

  /** Prepares the cache for a triggered run, until the signal aborts. */
  async beginRun(signal: AbortSignal): Promise<void> {
    if (this.#api.transport?.changes !== undefined) return
    const cache = await this.beginWatching(signal)
    // Those who read are told that the cache has ended.
    cache.start(signal).catch((error) => this.#parts.logger.error(error, 'The cache ended'))
  }

  /** Loaded by the first list: a run that finds nothing to do makes none. */
  async #newCatchingUpCache() {
    const { CatchingUpCache } = await import('./catching-up-cache.ts')
    return new CatchingUpCache(this.#api.client, this.#parts.namespaces, this.#indexes)
  }
}
