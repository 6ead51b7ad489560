import type { Clock, KubernetesObject, Preconditions, Unstructured, WatchEvent } from '@k1s/apimachinery'

/**
 * A key of the store: `/{tenant}/{resource}/{namespace}/{name}` or `/{tenant}/{resource}/{name}`. Made with
 * {@link storageKey} only, which refuses segments that could leave their place.
 */
export type StorageKey = string & { readonly __brand: 'StorageKey' }

/** A prefix that ends in `/` and covers a namespace or a whole resource of a tenant. See {@link storagePrefix}. */
export type StoragePrefix = string & { readonly __brand: 'StoragePrefix' }

/** A revision of the database. `metadata.resourceVersion` is its decimal text. */
export type Revision = number

/**
 * The way to data: `k8s.io/apiserver/pkg/storage.Interface` in TypeScript. Objects go in and come out as plain
 * JSON; on the way out `metadata.resourceVersion` is the revision of their last write.
 *
 * Errors are StatusErrors of reason NotFound, AlreadyExists, Conflict, Expired, RequestEntityTooLarge,
 * Timeout (the write lock is held by another process), ServiceUnavailable or InternalError (the store itself
 * fails: disk full, not writable …).
 */
export interface StorageInterface extends AsyncDisposable {
  readonly versioner: Versioner

  /** The time by which objects expire, and which whoever stores them should put into them. */
  readonly clock: Clock

  /**
   * Stores a new object and returns it as stored; what was given is not changed. AlreadyExists if the key is
   * taken, BadRequest if the object has a resourceVersion, RequestEntityTooLarge above 1.5 MiB of JSON.
   */
  create<T extends KubernetesObject>(key: StorageKey, object: T, options?: StorageCreateOptions): Promise<T>

  /** Removes an object and returns its last state, with the resourceVersion of the removal. */
  delete<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    options?: StorageDeleteOptions,
  ): Promise<T>

  /** NotFound if there is none. With `resourceVersion` the answer is not older than it. */
  get<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    options?: { resourceVersion?: string },
  ): Promise<T>

  /** Objects below the prefix, in key order, all of one revision. */
  getList<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix,
    options?: StorageListOptions,
  ): Promise<StorageList<T>>

  /**
   * Reads the object, hands it to `tryUpdate`, and writes what that returns if nobody wrote in between; else
   * starts over with the new state. An update that changes nothing writes nothing and returns the current
   * object. An error thrown by `tryUpdate` ends it unchanged. With `ignoreNotFound` a missing object is handed
   * over as undefined and then created.
   */
  guaranteedUpdate<T extends KubernetesObject = Unstructured>(
    key: StorageKey,
    tryUpdate: (current: T | undefined) => StorageUpdate<T> | Promise<StorageUpdate<T>>,
    options?: { ignoreNotFound?: boolean; preconditions?: Preconditions },
  ): Promise<T>

  /**
   * Events below the prefix, every one exactly once and in revision order, until `signal` aborts (the iterator
   * then ends) or an ERROR event (410 Expired when the log no longer reaches back, 504 Timeout for initial events at
   * a revision of the future, 503 ServiceUnavailable when the store was removed). Nothing is read before the
   * iterator's first `next`, which throws BadRequest for what is no resourceVersion. Waiting for an event keeps the
   * process alive.
   */
  watch<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix | StorageKey,
    options?: StorageWatchOptions<T>,
  ): AsyncIterable<WatchEvent<T>>

  /**
   * What became of the objects below the prefix since a revision, one change for each object, at the price of what was
   * written since: a point read or two if that is nothing. Throws Expired if the log no longer reaches back and the
   * resource was written since, Timeout for a revision of the future, and the reason of `signal` when it aborts.
   */
  changes<T extends KubernetesObject = Unstructured>(
    prefix: StoragePrefix,
    options: StorageChangesOptions<T>,
  ): Promise<StorageChanges<T>>

  /** How many objects a resource of a tenant has, and the revision of its last write (0: never written). */
  stats(prefix: StoragePrefix): Promise<ResourceStats>

  /** The resources of a tenant that have or had objects, by name. */
  resources(tenant: string): Promise<string[]>

  /** The keys of the objects of a tenant that name `uid` as an owner, in key order. */
  dependents(tenant: string, uid: string): Promise<StorageKey[]>

  /** Tasks of a tenant that writes left and nobody has completed, in order of their text. */
  tasks(tenant: string): Promise<string[]>

  /** Takes tasks off the list. One that is not there is no error. */
  completeTasks(tenant: string, tasks: readonly string[]): Promise<void>

  /** What {@link writeDerived} last kept under a name of a tenant. */
  readDerived(tenant: string, name: string): Promise<DerivedValue | undefined>

  /**
   * Keeps a JSON value that was computed from objects beside them, without history, unless one of a later revision
   * is there. Losing it costs time and nothing else.
   */
  writeDerived(tenant: string, name: string, derived: DerivedValue): Promise<void>

  /** How many writes have begun and are not durable yet. */
  readonly pendingWrites?: number

  /** ServiceUnavailable if somebody removed or replaced the store while it was open. Absent where nobody can. */
  readonly checkLocation?: () => void

  /** The newest revision of the store. */
  currentRevision(): Promise<Revision>

  /** History up to and including it is forgotten: the oldest revision that a watch or a list can still start from. */
  compactRevision(): Promise<Revision>

  /** Forgets history up to and including `revision`. Current objects are not touched. */
  compact(revision: Revision): Promise<void>

  /** Ends the watches that are under way, without an error; everything else fails from then on. */
  close(): Promise<void>
}

/**
 * The transaction of a write, for what must be true together with it: a count, another object's status. Reads see what
 * is committed and not yet the write itself; changes are made after the write and committed with it.
 */
export interface StorageTransaction {
  get(key: StorageKey): Unstructured | undefined
  /** Objects below the prefix, in key order. */
  list(prefix: StoragePrefix): Unstructured[]
  /** How many objects there are below the prefix, which are counted one by one. */
  count(prefix: StoragePrefix): number
  stats(prefix: StoragePrefix): ResourceStats
  /** Replaces an object, which may be the one that the write creates or updates. NotFound if it is not there. */
  update<T extends KubernetesObject>(key: StorageKey, object: T): void
  /** Work that the write makes due, kept with it until it is completed. */
  addTask(task: string): void
}

/** Runs inside a write, synchronously and exclusively. An error that it throws ends the write, and nothing is written. */
export type StorageCompanion = (transaction: StorageTransaction) => void

/** Reads and writes the version inside an object, as `storage.Versioner`. */
export interface Versioner {
  /** Sets `metadata.resourceVersion`, in place. */
  updateObject(object: KubernetesObject, revision: Revision): void
  /** Removes what the store itself sets, in place, before an object is encoded. */
  prepareObjectForStorage(object: KubernetesObject): void
  /** The revision of an object; 0 if it has none. BadRequest if it is not a number. */
  objectResourceVersion(object: KubernetesObject): Revision
  /** `''` and `'0'` are 0. BadRequest on anything but a whole number. */
  parseResourceVersion(resourceVersion: string | undefined): Revision
}

export interface StorageCreateOptions {
  /** Seconds from now; without one the object stays. */
  ttl?: number
  /** Checked in the transaction that writes; see `isRequirementFailed` for the error. */
  requires?: readonly StorageRequirement[]
  /** Runs after `requires` held and before the key is looked at. */
  companion?: StorageCompanion | undefined
  /**
   * The caller gives the object away: the store may set its resourceVersion and return it, instead of a copy. It
   * must be what JSON.parse returns.
   */
  consume?: boolean
}

/** Another object must still be as it was when the caller looked: a namespace that is there and stays. */
export interface StorageRequirement {
  key: StorageKey
  resourceVersion: string
}

export interface StorageDeleteOptions {
  /**
   * Work that the removal makes due, kept with it in one transaction until it is completed: texts of at most 1,000
   * bytes. `referenced` tells whether any object names the removed one as its owner.
   */
  tasks?: (removed: Unstructured, referenced: boolean) => readonly string[]
  preconditions?: Preconditions
  /** May throw to refuse. Sees the state that is about to be removed, and must not change it. */
  validate?: (current: Unstructured) => void
  /** Runs before the object goes. */
  companion?: StorageCompanion | undefined
}

export interface StorageListOptions {
  resourceVersion?: string
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  /** At most this many objects; 0 or undefined is all. */
  limit?: number
  /** The token of the page before. */
  continue?: string
  /** Keeps an object if it returns true. */
  predicate?: (object: Unstructured) => boolean
}

export interface StorageList<T extends KubernetesObject> {
  items: T[]
  resourceVersion: string
  /** Set when there are more. */
  continue?: string
  /** Objects after this page; only known without a predicate. */
  remainingItemCount?: number
}

export interface StorageUpdate<T extends KubernetesObject> {
  object: T
  /** Work that the update makes due, kept with it in one transaction until it is completed. */
  tasks?: readonly string[]
  /** Runs if nobody wrote the object in between, and not if the update changes nothing. */
  companion?: StorageCompanion | undefined
  /** Seconds from now; undefined keeps the time to live as it is. */
  ttl?: number
}

export interface StorageWatchOptions<T extends KubernetesObject = Unstructured> {
  /**
   * Events after this revision, which may be one of the future; an empty database is at revision 1, so `'1'` is the
   * whole log. Undefined or `'0'`: the current objects as ADDED events, then changes ("Get State and Start at Any").
   */
  resourceVersion?: string
  /** First all current objects as ADDED, then a BOOKMARK annotated `k8s.io/initial-events-end: "true"`. */
  sendInitialEvents?: boolean
  /**
   * BOOKMARKs now and then, so that a watcher of a quiet resource keeps up with compaction. The store does not
   * know the kind of what it holds: their apiVersion and kind are empty.
   */
  allowWatchBookmarks?: boolean
  /** An object that starts to match arrives as ADDED, one that stops as DELETED. */
  predicate?: (object: T) => boolean
  /**
   * The caller only reads the objects: they may be those that other watches get, so that each is decoded once for all
   * of them. Default: objects are the caller's own.
   */
  shared?: boolean
  signal?: AbortSignal
}

export interface StorageChangesOptions<T extends KubernetesObject = Unstructured> {
  /** Changes after this revision; an empty database is at revision 1, so `'1'` is the whole log. */
  resourceVersion: string
  /** An object that began to match was added, one that ceased was deleted. */
  predicate?: (object: T) => boolean
  /** Each event is a change of its own, in place of one for each object. */
  everyEvent?: boolean
  signal?: AbortSignal
}

export interface StorageChanges<T extends KubernetesObject = Unstructured> {
  /** The newest revision of the store when the changes were read. */
  resourceVersion: string
  /** In the order of their last events. */
  changes: StorageChange<T>[]
}

/**
 * The events that a watch would have given of one object, put together; those of an object that came and went are none.
 * `previous` is the object as it was to begin with. A deleted one is as in its last event.
 */
export type StorageChange<T extends KubernetesObject = Unstructured> =
  | { type: 'ADDED'; object: T }
  | { type: 'MODIFIED'; object: T; previous: T }
  | { type: 'DELETED'; object: T }

export interface DerivedValue {
  /** Up to which revision the value takes objects into account. */
  revision: Revision
  value: unknown
}

export interface ResourceStats {
  count: number
  lastRevision: Revision
}
