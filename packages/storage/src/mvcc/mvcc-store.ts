import {
  type Clock,
  type KubernetesObject,
  newAlreadyExists,
  newBadRequest,
  newNotFound,
  type Preconditions,
  type StatusError,
  systemClock,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import type {
  DerivedValue,
  ResourceStats,
  Revision,
  StorageChanges,
  StorageChangesOptions,
  StorageCreateOptions,
  StorageDeleteOptions,
  StorageInterface,
  StorageKey,
  StorageList,
  StorageListOptions,
  StoragePrefix,
  StorageUpdate,
  StorageWatchOptions,
  Versioner,
} from '../interface.ts'
import { checkPreconditions, newRequirementFailed, newTooLargeResourceVersion } from '../storage-error.ts'
import { groupResourceOf, nameOf, resourcePrefixOf } from '../storage-key.ts'
import { toBuffer } from '../to-buffer.ts'
import { apiObjectVersioner } from '../versioner.ts'
import { readChanges } from './changes.ts'
import { runCompanion } from './companion.ts'
import { decodeObject, decodeState } from './decode.ts'
import { encodeCreation, encodeObject, holdsObject } from './encode.ts'
import {
  decodeDerived,
  decodeStats,
  dependentOf,
  derivedKey,
  encodeDerived,
  expiryOf,
  ownerRange,
  resourceOfStatsKey,
  revisionOf,
  stateKey,
  statsKey,
  statsRange,
  taskOf,
  taskRange,
  tenantOf,
} from './layout.ts'
import { listObjects } from './list.ts'
import { LogTail } from './log-tail.ts'
import { readMeta } from './meta.ts'
import { defaultRetention, type Retention, Upkeep } from './upkeep.ts'
import { watchObjects } from './watch.ts'

export interface MvccStoreOptions {
  /** How much history is kept. Default: one hour and 100,000 revisions, whichever is more. */
  retention?: Partial<Retention>
  /** How often a watcher that asked for bookmarks gets one, in milliseconds. Default: one minute. */
  bookmarkInterval?: number
  /** What objects expire and history grows old by. Default: that of the machine. */
  clock?: Clock | undefined
}

/**
 * The storage Interface on an {@link Engine}, after etcd's model: one revision counter per database, a log of
 * writes, and the current state, changed together in one transaction.
 */
export class MvccStore implements StorageInterface {
  readonly versioner: Versioner = apiObjectVersioner
  readonly clock: Clock
  readonly checkLocation?: () => void
  readonly #engine: Engine
  readonly #upkeep: Upkeep
  readonly #tail: LogTail
  readonly #bookmarkInterval: number

  /** InternalError if the engine holds data of a newer format. The store closes the engine. */
  constructor(engine: Engine, options: MvccStoreOptions = {}) {
    this.#engine = engine
    this.clock = options.clock ?? systemClock
    this.#upkeep = new Upkeep(engine, { ...defaultRetention, ...options.retention }, this.clock)
    this.#tail = new LogTail(engine)
    if (engine.checkLocation !== undefined) this.checkLocation = () => engine.checkLocation?.()
    this.#bookmarkInterval = options.bookmarkInterval ?? 60_000
    engine.read((reader) => readMeta(reader, engine))
  }

  get pendingWrites(): number {
    return this.#upkeep.pending
  }

  async create<T extends KubernetesObject>(
    key: StorageKey,
    object: T,
    options: StorageCreateOptions = {},
  ): Promise<T> {
    if (object.metadata?.resourceVersion) {
      throw newBadRequest('resourceVersion should not be set on objects to be created')
    }
    const { ttl, requires = [], companion, consume = false } = options
    const encoded = encodeCreation(key, object, consume)
    const revision = await this.#upkeep.write((transaction) => {
      for (const required of requires) {
        const state = transaction.liveState(required.key)
        if (state === undefined || String(revisionOf(state)) !== required.resourceVersion) {
          throw newRequirementFailed(key, required.key)
        }
      }
      const accompany = companion && runCompanion(transaction, key, companion)
      if (transaction.liveState(key) !== undefined) throw alreadyExists(key)
      const revision = transaction.create(key, encoded, expiryIn(ttl, transaction.now))
      accompany?.()
      return revision
    })
    if (!consume) return decodeObject(key, encoded.text, String(revision))
    object.metadata.resourceVersion = String(revision)
    return object
  }

  async delete<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    options: StorageDeleteOptions = {},
  ): Promise<T> {
    const { preconditions, validate, tasks, companion } = options
    const { removed, revision } = await this.#upkeep.write((transaction) => {
      const state = transaction.liveState(key)
      if (state === undefined) throw notFound(key)
      const current = decodeState<T & Unstructured>(key, state)
      checkPreconditions(preconditions, key, current)
      validate?.(current)
      if (tasks !== undefined) {
        const tenant = tenantOf(key)
        const referenced = transaction.isReferenced(tenant, current.metadata.uid ?? '')
        for (const task of tasks(current, referenced)) transaction.addTask(tenant, task)
      }
      const accompany = companion && runCompanion(transaction, key, companion)
      const revision = transaction.remove(key, state)
      accompany?.()
      return { removed: current, revision }
    })
    removed.metadata.resourceVersion = String(revision)
    return removed
  }

  async get<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    options?: { resourceVersion?: string },
  ): Promise<T> {
    if (options?.resourceVersion !== undefined) this.#checkReached(options.resourceVersion)
    const state = this.#liveState(key)
    if (state === undefined) throw notFound(key)
    return decodeState(key, state)
  }

  async getList<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix,
    options: StorageListOptions = {},
  ): Promise<StorageList<T>> {
    return listObjects(this.#engine, this.clock, prefix, options)
  }

  async guaranteedUpdate<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    tryUpdate: (current: T | undefined) => StorageUpdate<T> | Promise<StorageUpdate<T>>,
    options: { ignoreNotFound?: boolean; preconditions?: Preconditions } = {},
  ): Promise<T> {
    while (true) {
      const state = this.#liveState(key)
      if (state === undefined && options.ignoreNotFound !== true) throw notFound(key)
      const current = state === undefined ? undefined : decodeState<T>(key, state)
      checkPreconditions(options.preconditions, key, current)
      const update = await tryUpdate(current)
      const encoded = encodeObject(update.object)
      if (state !== undefined && update.ttl === undefined && holdsObject(state, encoded)) {
        return decodeState(key, state)
      }
      const seen = state === undefined ? 0 : revisionOf(state)
      const revision = await this.#upkeep.write((transaction) => {
        const latest = transaction.liveState(key)
        if ((latest === undefined ? 0 : revisionOf(latest)) !== seen) return undefined
        const kept = latest === undefined ? 0 : expiryOf(latest)
        const expiry = update.ttl === undefined ? kept : expiryIn(update.ttl, transaction.now)
        for (const task of update.tasks ?? []) transaction.addTask(tenantOf(key), task)
        const accompany = update.companion && runCompanion(transaction, key, update.companion)
        const revision = transaction.put(key, encoded.state, expiry, latest)
        accompany?.()
        return revision
      })
      if (revision !== undefined) return decodeObject(key, encoded.text, String(revision))
    }
  }

  watch<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix | StorageKey,
    options: StorageWatchOptions<T> = {},
  ): AsyncIterable<WatchEvent<T>> {
    const source = {
      engine: this.#engine,
      tail: this.#tail,
      clock: this.clock,
      bookmarkInterval: this.#bookmarkInterval,
    }
    return { [Symbol.asyncIterator]: () => watchObjects(source, prefix, options) }
  }

  async changes<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix,
    options: StorageChangesOptions<T>,
  ): Promise<StorageChanges<T>> {
    return readChanges(this.#engine, prefix, options)
  }

  async stats(prefix: StoragePrefix): Promise<ResourceStats> {
    return this.#engine.read((reader) => decodeStats(reader.get(statsKey(resourcePrefixOf(prefix)))))
  }

  async resources(tenant: string): Promise<string[]> {
    return this.#engine.read((reader) =>
      Array.from(reader.range(statsRange(tenant)), ({ key }) => resourceOfStatsKey(key)),
    )
  }

  async dependents(tenant: string, uid: string): Promise<StorageKey[]> {
    return this.#engine.read((reader) =>
      Array.from(
        reader.range(ownerRange(tenant, uid)),
        ({ key }) => dependentOf(key, tenant, uid) as StorageKey,
      ),
    )
  }

  async tasks(tenant: string): Promise<string[]> {
    return this.#engine.read((reader) =>
      Array.from(reader.range(taskRange(tenant)), ({ key }) => taskOf(key, tenant)),
    )
  }

  async completeTasks(tenant: string, tasks: readonly string[]): Promise<void> {
    await this.#upkeep.write((transaction) => {
      for (const task of tasks) transaction.completeTask(tenant, task)
    })
  }

  async readDerived(tenant: string, name: string): Promise<DerivedValue | undefined> {
    return this.#engine.read((reader) => {
      const record = reader.get(derivedKey(tenant, name))
      return record === undefined ? undefined : decodeDerived(record)
    })
  }

  async writeDerived(tenant: string, name: string, derived: DerivedValue): Promise<void> {
    const key = derivedKey(tenant, name)
    const record = encodeDerived(derived)
    await this.#upkeep.write((transaction) => transaction.putDerived(key, derived.revision, record))
  }

  async currentRevision(): Promise<Revision> {
    return this.#engine.read((reader) => readMeta(reader, this.#engine).revision)
  }

  async compactRevision(): Promise<Revision> {
    return this.#engine.read((reader) => readMeta(reader, this.#engine).compactRevision)
  }

  async compact(revision: Revision): Promise<void> {
    await this.#upkeep.compact(revision)
  }

  async close(): Promise<void> {
    this.#upkeep.close()
    this.#tail.close()
    await this.#engine.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #liveState(key: string): Buffer | undefined {
    const value = this.#engine.read((reader) => reader.get(stateKey(key)))
    if (value === undefined) return undefined
    const state = toBuffer(value)
    const expiry = expiryOf(state)
    return expiry === 0 || expiry > this.clock.now() ? state : undefined
  }

  #checkReached(resourceVersion: string): void {
    const minimum = this.versioner.parseResourceVersion(resourceVersion)
    if (minimum === 0) return
    const { revision } = this.#engine.read((reader) => readMeta(reader, this.#engine))
    if (minimum > revision) throw newTooLargeResourceVersion(minimum, revision)
  }
}

function expiryIn(ttl: number | undefined, now: number): number {
  return ttl === undefined || ttl <= 0 ? 0 : Math.ceil(now + ttl * 1000)
}

function notFound(key: string): StatusError {
  return newNotFound(groupResourceOf(key), nameOf(key))
}

function alreadyExists(key: string): StatusError {
  return newAlreadyExists(groupResourceOf(key), nameOf(key))
}
