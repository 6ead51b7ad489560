import type { KubernetesObject } from '@k1s/apimachinery'
import type {
  HandlerOptions,
  HandlerRegistration,
  Indexer,
  IndexFunction,
  ResourceEventHandler,
  SharedIndexInformer,
} from '@k1s/core/informers'
import { earliestVersion } from '../earliest-version.ts'

/** A handler that was added to a merged informer, and to each of its parts. */
export class MergedRegistration implements HandlerRegistration {
  /** In the order of the informers. */
  readonly parts: readonly HandlerRegistration[]
  readonly synced: Promise<void>

  constructor(parts: readonly HandlerRegistration[]) {
    this.parts = parts
    this.synced = allSynced(parts)
  }

  get hasSynced(): boolean {
    return this.parts.every(({ hasSynced }) => hasSynced)
  }

  get resourceVersion(): string {
    return earliestVersion(this.parts.map(({ resourceVersion }) => resourceVersion))
  }
}

/** Informers of one kind in several namespaces as one: `multiNamespaceInformer`. */
export function mergedInformer<T extends KubernetesObject>(
  informers: readonly SharedIndexInformer<T>[],
): SharedIndexInformer<T> {
  return new MergedInformer(informers)
}

class MergedInformer<T extends KubernetesObject> implements SharedIndexInformer<T> {
  readonly indexer: Indexer<T>
  readonly synced: Promise<void>
  readonly #informers: readonly SharedIndexInformer<T>[]

  constructor(informers: readonly SharedIndexInformer<T>[]) {
    this.#informers = informers
    this.indexer = new MergedIndexer(informers.map(({ indexer }) => indexer))
    this.synced = allSynced(informers)
  }

  get hasSynced(): boolean {
    return this.#informers.every(({ hasSynced }) => hasSynced)
  }

  /** The earliest: what happened in all of the namespaces was seen up to it. */
  get lastSyncResourceVersion(): string {
    return earliestVersion(this.#informers.map(({ lastSyncResourceVersion }) => lastSyncResourceVersion))
  }

  addEventHandler(handler: ResourceEventHandler<T>, options?: HandlerOptions): HandlerRegistration {
    const one = oneAtATime(handler)
    const parts = this.#informers.map((informer) => informer.addEventHandler(one, options))
    return new MergedRegistration(parts)
  }

  removeEventHandler(registration: HandlerRegistration): void {
    const parts = registration instanceof MergedRegistration ? registration.parts : []
    for (const [index, part] of parts.entries()) this.#informers[index]!.removeEventHandler(part)
  }

  addIndexers(indexers: { readonly [name: string]: IndexFunction<T> }): void {
    for (const informer of this.#informers) informer.addIndexers(indexers)
  }

  setTransform(transform: (object: T) => T): void {
    for (const informer of this.#informers) informer.setTransform(transform)
  }

  setWatchErrorHandler(handler: (error: unknown) => void): void {
    for (const informer of this.#informers) informer.setWatchErrorHandler(handler)
  }

  async run(signal: AbortSignal): Promise<void> {
    const failing = new AbortController()
    const stop = AbortSignal.any([signal, failing.signal])
    await Promise.all(
      this.#informers.map((informer) => informer.run(stop).catch((error) => failing.abort(error))),
    )
    failing.signal.throwIfAborted()
  }
}

class MergedIndexer<T extends KubernetesObject> implements Indexer<T> {
  readonly #parts: readonly Indexer<T>[]

  constructor(parts: readonly Indexer<T>[]) {
    this.#parts = parts
  }

  get size(): number {
    return this.#parts.reduce((sum, { size }) => sum + size, 0)
  }

  get(key: string): T | undefined {
    for (const part of this.#parts) {
      const object = part.get(key)
      if (object !== undefined) return object
    }
    return undefined
  }

  *keys(): Generator<string, undefined> {
    for (const part of this.#parts) yield* part.keys()
  }

  list(): T[] {
    return this.#parts.flatMap((part) => part.list())
  }

  byIndex(index: string, value: string): T[] {
    return this.#parts.flatMap((part) => part.byIndex(index, value))
  }

  indexValues(index: string): string[] {
    return [...new Set(this.#parts.flatMap((part) => part.indexValues(index)))]
  }

  hasIndex(index: string): boolean {
    return this.#parts.every((part) => part.hasIndex(index))
  }
}

async function allSynced(parts: readonly { readonly synced: Promise<void> }[]): Promise<void> {
  await Promise.all(parts.map(({ synced }) => synced))
}

/** The same handler whose calls wait for each other, whichever informer they are from. */
function oneAtATime<T extends KubernetesObject>(handler: ResourceEventHandler<T>): ResourceEventHandler<T> {
  let last = Promise.resolve()
  const afterLast = (call: () => void | Promise<void>) => {
    const told = last.then(call)
    last = told.catch(() => undefined)
    return told
  }
  return {
    onAdd: (object, isInInitialList) => afterLast(() => handler.onAdd?.(object, isInInitialList)),
    onUpdate: (previous, object) => afterLast(() => handler.onUpdate?.(previous, object)),
    onDelete: (object, isStateUnknown) => afterLast(() => handler.onDelete?.(object, isStateUnknown)),
  }
}
