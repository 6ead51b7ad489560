import type { Clock, KubernetesObject } from '@k1s/apimachinery'
import type { Client, Kind, ListOptions, ResourceKind } from '../client.ts'
import { createSharedInformer } from './create-shared-informer.ts'
import { createLister, type Lister } from './lister.ts'
import type { SharedIndexInformer } from './shared-informer.ts'
import { waitForCacheSync } from './wait-for-cache-sync.ts'

export interface SharedInformerFactoryOptions {
  /** How often handlers that do not say otherwise are told of all objects, milliseconds. Default: 0, never. */
  readonly resyncPeriod?: number
  /** Default: all. */
  readonly namespace?: string
  /** Which objects of a kind to keep. Default: all. */
  readonly tweakListOptions?: (kind: ResourceKind) => Pick<ListOptions, 'labelSelector' | 'fieldSelector'>
  /** What is kept in place of an object, which may be the same one, changed. */
  readonly transform?: <T extends KubernetesObject>(object: T) => T
  /** Default: that of the machine. */
  readonly clock?: Clock
}

/** The informer of a kind, and what reads from it: `informers.GenericInformer`. */
export interface GenericInformer<T extends KubernetesObject> {
  readonly informer: SharedIndexInformer<T>
  readonly lister: Lister<T>
}

/** One informer for each kind, whoever asks for it: `informers.SharedInformerFactory` of `client-go`. */
export interface SharedInformerFactory {
  /** The same each time. One that is asked for after `start` runs from the next `start` on. */
  forKind<T extends KubernetesObject>(kind: Kind<T>): GenericInformer<T>
  /** Runs all informers that do not run yet, until the signal aborts. */
  start(signal: AbortSignal): void
  /** Waits for all that run. False if the signal aborts before. */
  waitForCacheSync(signal: AbortSignal): Promise<boolean>
  /**
   * Resolves when all informers have ended, which the signals of `start` tell them to; nothing is started from now on. Throws
   * what ended one of them.
   */
  shutdown(): Promise<void>
}

export function createSharedInformerFactory(
  client: Client,
  options: SharedInformerFactoryOptions = {},
): SharedInformerFactory {
  return new InformerFactory(client, options)
}

class InformerFactory implements SharedInformerFactory {
  readonly #client: Client
  readonly #options: SharedInformerFactoryOptions
  readonly #informers = new Map<string, GenericInformer<KubernetesObject>>()
  readonly #running = new Map<SharedIndexInformer<KubernetesObject>, Promise<void>>()
  #isShuttingDown = false

  constructor(client: Client, options: SharedInformerFactoryOptions) {
    this.#client = client
    this.#options = options
  }

  forKind<T extends KubernetesObject>(kind: Kind<T>): GenericInformer<T> {
    const key = `${kind.group}/${kind.version}/${kind.plural}`
    let found = this.#informers.get(key) as GenericInformer<T> | undefined
    if (found === undefined) {
      found = this.#create(kind)
      this.#informers.set(key, found as GenericInformer<KubernetesObject>)
    }
    return found
  }

  start(signal: AbortSignal): void {
    if (this.#isShuttingDown) return
    for (const { informer } of this.#informers.values()) {
      if (!this.#running.has(informer)) this.#running.set(informer, informer.run(signal))
    }
  }

  waitForCacheSync(signal: AbortSignal): Promise<boolean> {
    return waitForCacheSync(signal, ...this.#running.keys())
  }

  async shutdown(): Promise<void> {
    this.#isShuttingDown = true
    await Promise.all(this.#running.values())
  }

  #create<T extends KubernetesObject>(kind: Kind<T>): GenericInformer<T> {
    const { tweakListOptions, transform, ...options } = this.#options
    const informer = createSharedInformer(kind, {
      client: this.#client,
      ...options,
      ...tweakListOptions?.(kind),
    })
    if (transform !== undefined) informer.setTransform((object) => transform(object))
    return { informer, lister: createLister(informer.indexer, kind) }
  }
}
