import {
  type Clock,
  isGone,
  isResourceExpired,
  isTooManyRequests,
  type KubernetesList,
  type KubernetesObject,
  StatusError,
  sleep,
  statusCause,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { ListOptions, WatchOptions } from '../client.ts'
import { isConnectionError } from '../http/connection-error.ts'
import { WatchLost } from '../http/watch-lost.ts'
import { Backoff } from './backoff.ts'
import { listAtOnce, listPages, type PagedList } from './list-pages.ts'

/** Where objects come from: `cache.ListerWatcher`. */
export interface ListerWatcher<T extends KubernetesObject> {
  list(options: ListOptions): Promise<KubernetesList<T>>
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>
}

/** Takes what a reflector sees: `cache.ReflectorStore`. */
export interface ReflectorStore<T extends KubernetesObject> {
  /** Takes the objects of a list: there are no others. */
  replace(objects: readonly T[]): void
  put(object: T): void
  remove(object: T): void
  /** Everything that happened up to this version was passed to the store. */
  reached(resourceVersion: string): void
}

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly name: string
  readonly source: ListerWatcher<T>
  readonly store: ReflectorStore<T>
  readonly clock: Clock
  /** Called with each failure, before it is tried again. */
  readonly onFailure: (error: unknown) => void
}

/** A watch is asked to end after five to ten minutes, seconds, so that none hangs for ever. */
const shortestWatch = 300
/** A watch that ends earlier, milliseconds, and without an event, was refused by something in between. */
const veryShortWatch = 1000

/**
 * Keeps a store as the API is: `cache.Reflector`. Lists, watches from there, and goes on watching when that ends. What ends it
 * for good, such as a version that is forgotten (410 Expired), leads to a new list; it has to be no older than what was seen.
 *
 * The first objects come by a list in pages, in place of the events of a watch (`sendInitialEvents`): every server has it, in
 * process it is one scan, and over HTTP it is one answer for 500 objects.
 */
export class Reflector<T extends KubernetesObject> {
  /** The resourceVersion of the last list, object or bookmark that was seen; empty before the first list. */
  lastSyncResourceVersion = ''
  readonly #options: ReflectorOptions<T>
  readonly #backoff: Backoff
  #isVersionUnavailable = false
  #isPaged = false

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#backoff = new Backoff(options.clock)
  }

  /** Lists and watches until the signal aborts. Throws only what `onFailure` throws. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listAndWatch(signal)
      } catch (error) {
        await this.#failed(error, signal)
      }
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<void> {
    await this.#list(signal)
    while (!signal.aborted) {
      try {
        await this.#watch(signal)
      } catch (error) {
        // The server was not reached, or has no time: nothing says that what was seen is no longer true.
        if (!isConnectionError(error) && !isTooManyRequests(error)) throw error
        await this.#failed(error, signal)
      }
    }
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    this.#options.onFailure(error)
    await sleep(this.#options.clock, this.#backoff.next(), signal)
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { store } = this.#options
    let found: PagedList<T>
    try {
      found = await this.#listSince(this.#relistVersion(), signal)
    } catch (error) {
      if (!isExpired(error) && !isOfTheFuture(error)) throw error
      this.#isVersionUnavailable = true
      found = await this.#listSince(this.#relistVersion(), signal)
    }
    if (signal.aborted) return
    this.#isVersionUnavailable = false
    this.#isPaged ||= found.isPaged
    store.replace(found.items)
    this.#reached(found.resourceVersion)
  }

  /** Any version will do for the first list, so that servers may answer from a cache; later none that is older. */
  #relistVersion(): string {
    if (this.#isVersionUnavailable) return ''
    return this.lastSyncResourceVersion === '' ? '0' : this.lastSyncResourceVersion
  }

  /** Servers answer from their caches, if a version is named, only lists without a limit. */
  #listSince(resourceVersion: string, signal: AbortSignal): Promise<PagedList<T>> {
    const { source } = this.#options
    const list = (options: ListOptions) => source.list(options)
    const options = { signal, ...(resourceVersion !== '' && { resourceVersion }) }
    const isAtOnce = resourceVersion !== '' && resourceVersion !== '0' && !this.#isPaged
    return isAtOnce ? listAtOnce(list, options) : listPages(list, options)
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { name, source, clock } = this.#options
    const startedAt = clock.now()
    const resourceVersion = this.lastSyncResourceVersion
    const events = source.watch({
      resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.floor(shortestWatch * (1 + Math.random())),
      resumes: false,
      signal,
    })
    // Without a version to start from, all objects come first, and those in no order.
    let isOrdered = resourceVersion !== '' && resourceVersion !== '0'
    let seen = 0
    try {
      for await (const event of events) {
        if (signal.aborted) return
        if (event.type === 'ERROR') throw new StatusError(event.object)
        this.#take(event)
        isOrdered ||= event.type !== 'ADDED'
        if (isOrdered) {
          this.#reached(event.object.metadata.resourceVersion ?? this.lastSyncResourceVersion)
        }
        seen++
      }
    } catch (error) {
      if (!(error instanceof WatchLost)) throw error
    }
    if (seen === 0 && clock.now() - startedAt < veryShortWatch && !signal.aborted) {
      throw new Error(
        `very short watch: ${name}: Unexpected watch close - watch lasted less than a second and no items received`,
      )
    }
  }

  #reached(resourceVersion: string): void {
    this.lastSyncResourceVersion = resourceVersion
    this.#options.store.reached(resourceVersion)
  }

  #take({ type, object }: Exclude<WatchEvent<T>, { type: 'ERROR' }>): void {
    const { store } = this.#options
    if (type === 'DELETED') store.remove(object)
    else if (type !== 'BOOKMARK') store.put(object)
  }
}

/** Servers before 1.18 said Gone. */
export function isExpired(error: unknown): boolean {
  return isResourceExpired(error) || isGone(error)
}

/** The server does not know that version yet: it may have another store than it had. */
function isOfTheFuture(error: unknown): boolean {
  return statusCause(error, 'ResourceVersionTooLarge') !== undefined
}
