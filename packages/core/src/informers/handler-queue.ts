import type { Clock, ClockTimer, KubernetesObject } from '@k1s/apimachinery'
import type { HandlerRegistration, ResourceEventHandler } from './shared-informer.ts'

type Notification<T> =
  | { readonly type: 'add'; readonly object: T; readonly isInInitialList: boolean }
  | { readonly type: 'update'; readonly previous: T; readonly object: T; readonly isResync: boolean }
  | { readonly type: 'delete'; readonly object: T; readonly isStateUnknown: boolean }

export interface HandlerQueueOptions<T extends KubernetesObject> {
  readonly handler: ResourceEventHandler<T>
  readonly clock: Clock
  /** Milliseconds. 0: never. */
  readonly resyncPeriod: number
  /** Called with what the handler throws; it is told nothing more. */
  readonly onFailure: (error: unknown) => void
}

/**
 * What one handler of an informer has yet to be told: `cache.processorListener`. Each has its own, so that none waits for
 * another.
 */
export class HandlerQueue<T extends KubernetesObject> implements HandlerRegistration {
  readonly synced: Promise<void>
  readonly #options: HandlerQueueOptions<T>
  #pending: Notification<T>[] = []
  #delivering: Promise<void> | undefined
  #closed = false
  /** How many objects of the first list, and of a resync, the handler has yet to be told. */
  #initial = 0
  #resyncing = 0
  #timer: ClockTimer | undefined
  /** How many notifications there were, and how many of them the handler was told. */
  #pushed = 0
  #told = 0
  /** Versions that are reached once the handler was told the first `after` notifications. */
  #versions: { readonly after: number; readonly resourceVersion: string }[] = []
  #resourceVersion = ''
  #informerHasSynced = false
  #resolveSynced!: () => void

  constructor(options: HandlerQueueOptions<T>) {
    this.#options = options
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve
    })
  }

  get hasSynced(): boolean {
    return this.#informerHasSynced && this.#initial === 0
  }

  get resourceVersion(): string {
    return this.#resourceVersion
  }

  /** To be called when all events up to this version have been added. */
  reached(resourceVersion: string): void {
    if (this.#told === this.#pushed) this.#resourceVersion = resourceVersion
    else this.#versions.push({ after: this.#pushed, resourceVersion })
  }

  add(object: T, isInInitialList: boolean): void {
    if (isInInitialList) this.#initial++
    this.#push({ type: 'add', object, isInInitialList })
  }

  update(previous: T, object: T): void {
    this.#push({ type: 'update', previous, object, isResync: false })
  }

  delete(object: T, isStateUnknown: boolean): void {
    this.#push({ type: 'delete', object, isStateUnknown })
  }

  /** To be called when all objects of the first list have been added. */
  informerSynced(): void {
    this.#informerHasSynced = true
    if (this.#initial === 0) this.#resolveSynced()
  }

  /** Hands over all objects every `resyncPeriod` from now on, unless the handler has not been told all of the last resync. */
  startResync(objects: () => readonly T[]): void {
    const { clock, resyncPeriod } = this.#options
    if (resyncPeriod === 0 || this.#closed) return
    this.#timer = clock.setTimer(() => {
      if (this.hasSynced && this.#resyncing === 0) {
        for (const object of objects()) {
          this.#resyncing++
          this.#push({ type: 'update', previous: object, object, isResync: true })
        }
      }
      this.startResync(objects)
    }, resyncPeriod)
  }

  stopResync(): void {
    this.#timer?.cancel()
  }

  /** The handler is told nothing more than what it is being told. */
  close(): void {
    this.#closed = true
    this.#pending = []
    this.stopResync()
  }

  /** Resolves when the handler was told everything. */
  async delivered(): Promise<void> {
    while (this.#delivering !== undefined) await this.#delivering
  }

  #push(notification: Notification<T>): void {
    if (this.#closed) return
    this.#pushed++
    this.#pending.push(notification)
    this.#delivering ??= this.#deliver()
  }

  async #deliver(): Promise<void> {
    // A handler is never called within the call that adds a notification.
    await undefined
    try {
      while (this.#pending.length > 0) {
        const notifications = this.#pending
        this.#pending = []
        for (const notification of notifications) {
          if (this.#closed) return
          const told = this.#tell(notification)
          if (told !== undefined) await told
          this.#wasTold(notification)
        }
      }
    } catch (error) {
      this.close()
      this.#options.onFailure(error)
    } finally {
      this.#delivering = undefined
    }
  }

  #tell(notification: Notification<T>): void | Promise<void> {
    const { handler } = this.#options
    switch (notification.type) {
      case 'add':
        return handler.onAdd?.(notification.object, notification.isInInitialList)
      case 'update':
        return handler.onUpdate?.(notification.previous, notification.object)
      case 'delete':
        return handler.onDelete?.(notification.object, notification.isStateUnknown)
    }
  }

  #wasTold(notification: Notification<T>): void {
    this.#told++
    while (this.#versions[0] !== undefined && this.#versions[0].after <= this.#told) {
      this.#resourceVersion = this.#versions.shift()!.resourceVersion
    }
    if (notification.type === 'update' && notification.isResync) this.#resyncing--
    if (notification.type !== 'add' || !notification.isInInitialList) return
    this.#initial--
    if (this.hasSynced) this.#resolveSynced()
  }
}
