import type { Clock, ClockTimer } from '@k1s/apimachinery'
import { type Duration, milliseconds } from '../duration.ts'
import { type Request, requestKey } from '../reconcile.ts'
import { checkPriority } from './check-priority.ts'
import { Heap, type HeapItem } from './heap.ts'
import type { QueueMetrics, QueueMetricsProvider } from './queue-metrics.ts'
import type { AddOptions, PendingRequest, QueuedRequest, RateLimiter, WorkQueue } from './request-queue.ts'
import { WorkDurations } from './work-durations.ts'

export interface WorkQueueOptions {
  readonly clock: Clock
  readonly rateLimiter: RateLimiter
  /** The name of the controller, under which its metrics are shown. */
  readonly name: string
  /** Default: nothing is reported. */
  readonly metrics?: QueueMetricsProvider
}

/**
 * Makes the queue of a controller, which behaves as controller-runtime's `pkg/controller/priorityqueue`:
 *
 * - A request is there once, with the highest priority and the earliest time that it was added with. When that raises its
 *   priority it goes behind those that have this priority already.
 * - Of those with the same priority the one goes first that became due first.
 * - One that is added while it is being worked on waits for `done`, and keeps its place.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new PriorityQueue(options)
}

interface Item extends HeapItem {
  readonly key: string
  readonly request: Request
  priority: number
  /** Milliseconds since the epoch. */
  dueAt: number
  /** In `#waiting`, until the time is `dueAt`. */
  isWaiting: boolean
  /** Smaller ones came first. */
  order: number
}

type Taker = (request: QueuedRequest | undefined) => void

class PriorityQueue implements WorkQueue {
  readonly #clock: Clock
  readonly #rateLimiter: RateLimiter
  readonly #metrics: QueueMetrics | undefined
  readonly #durations: WorkDurations | undefined
  readonly #items = new Map<string, Item>()
  readonly #ready = new Heap<Item>(goesFirst)
  readonly #waiting = new Heap<Item>(isDueFirst)
  readonly #inFlight = new Map<string, QueuedRequest>()
  /** Those who wait in `get`, in the order in which they came. */
  readonly #takers: Taker[] = []
  #nextOrder = 0
  #timer: { readonly timer: ClockTimer; readonly at: number; readonly keepsProcess: boolean } | undefined
  #isShutDown = false

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock
    this.#rateLimiter = options.rateLimiter
    this.#metrics = options.metrics?.queueMetrics(options.name)
    if (this.#metrics !== undefined) this.#durations = new WorkDurations(this.#clock, this.#metrics)
  }

  add(request: Request, options: AddOptions = {}): void {
    if (this.#isShutDown) return
    this.#moveDue()
    const priority = checkPriority(options.priority ?? 0)
    const delay = this.#delayOf(request, options)
    if (delay > 0) this.#metrics?.incrementRetries()
    const key = requestKey(request)
    const item = this.#items.get(key)
    if (item === undefined) this.#insert(key, request, delay, priority)
    else this.#merge(item, delay, priority)
    this.#handOut()
  }

  addAfter(request: Request, delay: Duration): void {
    this.add(request, { after: delay })
  }

  addRateLimited(request: Request): void {
    this.add(request, { rateLimited: true })
  }

  tryGet(): QueuedRequest | undefined {
    if (this.#isShutDown) return undefined
    this.#catchUp()
    return this.#take()
  }

  get(signal?: AbortSignal): Promise<QueuedRequest | undefined> {
    if (this.#isShutDown || signal?.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const taker: Taker = (request) => {
        signal?.removeEventListener('abort', leave)
        resolve(request)
      }
      const leave = () => {
        this.#takers.splice(this.#takers.indexOf(taker), 1)
        taker(undefined)
        this.#setTimer()
      }
      signal?.addEventListener('abort', leave)
      this.#takers.push(taker)
      this.#catchUp()
    })
  }

  done(request: Request): void {
    const key = requestKey(request)
    if (!this.#inFlight.delete(key)) return
    this.#durations?.ended(key)
    const item = this.#items.get(key)
    if (item !== undefined && !item.isWaiting) this.#ready.push(item)
    this.#catchUp()
  }

  forget(request: Request): void {
    this.#rateLimiter.forget(request)
  }

  numRequeues(request: Request): number {
    return this.#rateLimiter.numRequeues(request)
  }

  get length(): number {
    this.#catchUp()
    return this.#items.size - this.#waiting.size
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  handedOut(): Iterable<QueuedRequest> {
    return this.#inFlight.values()
  }

  get isShutDown(): boolean {
    return this.#isShutDown
  }

  /** In the order in which they would be handed out. */
  *pending(): Iterable<PendingRequest> {
    this.#catchUp()
    for (const { request, priority, dueAt } of [...this.#items.values()].sort(inOrder)) {
      yield { request, priority, dueAt, failures: this.#rateLimiter.numRequeues(request) }
    }
  }

  shutDown(): void {
    this.#isShutDown = true
    this.#timer?.timer.cancel()
    this.#timer = undefined
    for (const taker of this.#takers.splice(0)) taker(undefined)
  }

  #delayOf(request: Request, { after = 0, rateLimited = false }: AddOptions): number {
    const wanted = milliseconds(after)
    if (!rateLimited) return wanted
    const delay = this.#rateLimiter.when(request)
    return wanted > 0 ? Math.min(wanted, delay) : delay
  }

  #insert(key: string, request: Request, delay: number, priority: number): void {
    const dueAt = this.#clock.now() + Math.max(0, delay)
    const item = {
      key,
      request,
      priority,
      dueAt,
      isWaiting: delay > 0,
      order: this.#nextOrder++,
      heapIndex: -1,
    }
    this.#items.set(key, item)
    if (item.isWaiting) this.#waiting.push(item)
    else this.#becomeReady(item)
  }

  #merge(item: Item, delay: number, priority: number): void {
    if (priority > item.priority) {
      if (!item.isWaiting) {
        this.#metrics?.decrementDepth(item.priority)
        this.#metrics?.incrementDepth(priority)
      }
      item.priority = priority
      item.order = this.#nextOrder++
    }
    if (item.isWaiting) {
      item.dueAt = Math.min(item.dueAt, this.#clock.now() + Math.max(0, delay))
      if (delay > 0) {
        this.#waiting.update(item)
      } else {
        this.#waiting.remove(item)
        item.isWaiting = false
        this.#becomeReady(item)
      }
    } else if (item.heapIndex !== -1) {
      this.#ready.update(item)
    }
  }

  #becomeReady(item: Item): void {
    this.#metrics?.incrementAdds()
    this.#metrics?.incrementDepth(item.priority)
    this.#durations?.added(item.key)
    if (!this.#inFlight.has(item.key)) this.#ready.push(item)
  }

  /** The clock may have passed the time of a request before its timer is called. */
  #catchUp(): void {
    if (this.#isShutDown) return
    this.#moveDue()
    this.#handOut()
  }

  /** Requests whose time has come get in line as of now, not as of when they were added. */
  #moveDue(): void {
    for (let item = this.#waiting.first; item !== undefined; item = this.#waiting.first) {
      if (item.dueAt > this.#clock.now()) return
      this.#waiting.remove(item)
      item.isWaiting = false
      item.order = this.#nextOrder++
      this.#becomeReady(item)
    }
  }

  #take(): QueuedRequest | undefined {
    const item = this.#ready.first
    if (item === undefined) return undefined
    this.#ready.remove(item)
    this.#items.delete(item.key)
    const queued = { request: item.request, priority: item.priority }
    this.#inFlight.set(item.key, queued)
    this.#metrics?.decrementDepth(item.priority)
    this.#durations?.begun(item.key)
    return queued
  }

  #handOut(): void {
    while (this.#takers.length > 0 && this.#ready.size > 0) this.#takers.shift()!(this.#take())
    this.#setTimer()
  }

  /** For the first of those that wait. It keeps the process alive only if somebody is there to take that request. */
  #setTimer(): void {
    const at = this.#waiting.first?.dueAt
    const keepsProcess = this.#takers.length > 0
    if (this.#timer?.at === at && this.#timer?.keepsProcess === keepsProcess) return
    this.#timer?.timer.cancel()
    this.#timer = undefined
    if (at === undefined) return
    const timer = this.#clock.setTimer(() => this.#onTime(), Math.max(0, Math.ceil(at - this.#clock.now())))
    if (!keepsProcess) timer.unref()
    this.#timer = { timer, at, keepsProcess }
  }

  /** Timers of the system can be early by a millisecond: then nothing is due yet, and there is another timer. */
  #onTime(): void {
    this.#timer = undefined
    this.#catchUp()
  }
}

function goesFirst(a: Item, b: Item): boolean {
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority
}

function isDueFirst(a: Item, b: Item): boolean {
  return a.dueAt === b.dueAt ? goesFirst(a, b) : a.dueAt < b.dueAt
}

/** Those that are due first, then the others by their time. */
function inOrder(a: Item, b: Item): number {
  if (a.isWaiting !== b.isWaiting) return a.isWaiting ? 1 : -1
  return (a.isWaiting ? isDueFirst(a, b) : goesFirst(a, b)) ? -1 : 1
}
