import { setMaxListeners } from 'node:events'
import {
  type Clock,
  copyJson,
  formatGroupVersion,
  isGone,
  isResourceExpired,
  type KubernetesList,
  type KubernetesObject,
  newBadRequest,
  newNotFound,
  newTimeoutError,
  type Unstructured,
} from '@k1s/apimachinery'
import type { CallOptions, Client, Kind, ObjectKey, ResourceKind } from '@k1s/core'
import { createSharedInformer, type SharedIndexInformer, waitForCacheSync } from '@k1s/core/informers'
import { type Duration, milliseconds } from '../duration.ts'
import type { Logger } from '../log/logger.ts'
import { untilAborted } from '../until-aborted.ts'
import type { CacheListOptions, IndexFunction, InformerCache } from './cache.ts'
import type { FieldIndexes } from './field-indexes.ts'
import { kindKey } from './kind-key.ts'
import { mergedInformer } from './merged-informer.ts'
import { isAnsweredLive, listLive, selectObjects } from './select-objects.ts'

export interface InformerCacheOptions {
  readonly client: Client
  readonly indexes: FieldIndexes
  readonly clock: Clock
  readonly logger: Logger
  /** The only namespaces whose objects are kept. Default: all. */
  readonly namespaces?: readonly string[]
  /** How often handlers are told of all objects. Default: never. */
  readonly syncPeriod?: Duration
}

/**
 * A cache of informers: `informerCache` of controller-runtime. Whoever reads waits until the informer of the kind has its first
 * list; an Error says that the cache was not started, and a Timeout that it ended before.
 */
export function createInformerCache(options: InformerCacheOptions): InformerCache {
  return new Informers(options)
}

class Informers implements InformerCache {
  readonly #options: InformerCacheOptions
  readonly #informers = new Map<string, SharedIndexInformer<KubernetesObject>>()
  readonly #running = new Set<Promise<void>>()
  readonly #failing = new AbortController()
  /** Aborts when the cache ends; undefined before it is started. */
  #ending: AbortSignal | undefined

  constructor(options: InformerCacheOptions) {
    this.#options = options
  }

  indexField<T extends KubernetesObject>(kind: Kind<T>, index: string, valuesOf: IndexFunction<T>): void {
    this.#options.indexes.add(kind, index, valuesOf)
  }

  async get<T extends KubernetesObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options: CallOptions = {},
  ): Promise<T> {
    const { client, namespaces } = this.#options
    const { name, namespace } = key
    // Only the client knows which namespace it means.
    if (kind.namespaced && namespace === undefined) return client.get(kind, key, options)
    if (kind.namespaced && namespaces?.includes(namespace!) === false) {
      throw newBadRequest(`unable to get: ${namespace}/${name} because of unknown namespace for the cache`)
    }
    const { indexer } = await this.#synced(kind, options.signal)
    const object = indexer.get(kind.namespaced ? `${namespace}/${name}` : name)
    if (object === undefined) throw newNotFound({ group: kind.group, resource: kind.plural }, name)
    return copyJson(object)
  }

  async list<T extends KubernetesObject>(
    kind: Kind<T>,
    options: CacheListOptions = {},
  ): Promise<KubernetesList<T>> {
    const { namespace, signal } = options
    if (isAnsweredLive(options)) return listLive(this.#options.client, kind, options)
    if (
      kind.namespaced &&
      namespace !== undefined &&
      this.#options.namespaces?.includes(namespace) === false
    ) {
      throw newBadRequest(`unable to list: ${namespace} because of unknown namespace for the cache`)
    }
    const { indexer, lastSyncResourceVersion } = await this.#synced(kind, signal)
    return selectObjects(kind, indexer, lastSyncResourceVersion, options)
  }

  informerFor<T extends KubernetesObject>(
    kind: Kind<T>,
    { onlyMetadata = false }: { readonly onlyMetadata?: boolean } = {},
  ): SharedIndexInformer<T> {
    const key = `${kindKey(kind)}${onlyMetadata ? ' metadata' : ''}`
    let informer = this.#informers.get(key)
    if (informer === undefined) {
      informer = this.#create(kind as ResourceKind, onlyMetadata)
      this.#informers.set(key, informer)
      if (this.#ending !== undefined) this.#run(informer, this.#ending)
    }
    return informer as SharedIndexInformer<T>
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#ending !== undefined) throw new Error('the cache has already started')
    this.#ending = AbortSignal.any([signal, this.#failing.signal])
    // Each informer listens to it; Node takes more than ten listeners for a leak.
    setMaxListeners(0, this.#ending)
    for (const informer of this.#informers.values()) this.#run(informer, this.#ending)
    await untilAborted(this.#ending)
    await Promise.all(this.#running)
    this.#failing.signal.throwIfAborted()
  }

  waitForCacheSync(signal: AbortSignal): Promise<boolean> {
    return waitForCacheSync(signal, ...this.#informers.values())
  }

  /** What of `kind` is kept, once that is all of it. */
  async #synced<T extends KubernetesObject>(
    kind: Kind<T>,
    signal: AbortSignal | undefined,
  ): Promise<SharedIndexInformer<T>> {
    const ending = this.#ending
    if (ending === undefined) throw new Error('the cache is not started, can not read objects')
    const informer = this.informerFor(kind)
    if (!informer.hasSynced) {
      const waiting = signal === undefined ? ending : AbortSignal.any([ending, signal])
      if (!(await waitForCacheSync(waiting, informer))) {
        signal?.throwIfAborted()
        throw newTimeoutError(`failed waiting for ${kind.kind} Informer to sync`, 0)
      }
    }
    this.#addLateIndexes(kind, informer)
    return informer
  }

  /** Indexes of a kind may be made when it is being kept already. */
  #addLateIndexes<T extends KubernetesObject>(kind: Kind<T>, informer: SharedIndexInformer<T>): void {
    const indexers = Object.entries(this.#options.indexes.of(kind))
    const late = indexers.filter(([index]) => !informer.indexer.hasIndex(index))
    if (late.length > 0) informer.addIndexers(Object.fromEntries(late))
  }

  #create(kind: ResourceKind, onlyMetadata: boolean): SharedIndexInformer {
    const { client, clock, namespaces, indexes, syncPeriod = 0 } = this.#options
    const make = (namespace?: string) => {
      const informer = createSharedInformer<Unstructured>(kind, {
        client,
        clock,
        onlyMetadata,
        resyncPeriod: milliseconds(syncPeriod),
        ...(!onlyMetadata && { indexers: indexes.of<Unstructured>(kind) }),
        ...(namespace !== undefined && { namespace }),
      })
      if (onlyMetadata) informer.setTransform((object) => asKind(kind, object))
      informer.setWatchErrorHandler((error) => this.#watchFailed(kind, error))
      return informer
    }
    if (namespaces === undefined || !kind.namespaced) return make()
    return namespaces.length === 1 ? make(namespaces[0]) : mergedInformer(namespaces.map(make))
  }

  #run(informer: SharedIndexInformer<KubernetesObject>, ending: AbortSignal): void {
    const running = informer
      .run(ending)
      .catch((error) => this.#failing.abort(error))
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  #watchFailed({ group, version, kind }: ResourceKind, error: unknown): void {
    const { logger } = this.#options
    const values = { group, version, kind }
    if (isResourceExpired(error) || isGone(error)) logger.debug('Watch closed', values)
    else logger.error(error, 'Failed to watch', values)
  }
}

/** Metadata that says of which kind it is, as that of controller-runtime does. */
function asKind({ group, version, kind }: ResourceKind, object: Unstructured): Unstructured {
  return { ...object, apiVersion: formatGroupVersion({ group, version }), kind }
}
