import { setMaxListeners } from 'node:events'
import type { Clock } from '@k1s/apimachinery'
import type { WorkTracker } from '@k1s/core'
import { milliseconds } from '../duration.ts'
import type { Logger } from '../log/logger.ts'
import { printableError } from '../printable-error.ts'
import { checkPriority } from '../queue/check-priority.ts'
import type { QueuedRequest, RateLimiter, WorkQueue } from '../queue/request-queue.ts'
import {
  isTerminalError,
  type ReconcileContext,
  type Reconciler,
  type Request,
  type Result,
  requestKey,
} from '../reconcile.ts'
import type { Source } from '../source/source.ts'
import { checkTrigger, type Trigger } from '../trigger/trigger.ts'
import type { ControllerMetrics, ReconcileResult } from './controller-metrics.ts'
import type { ControllerOptions } from './controller-options.ts'
import { EventLoopTurn } from './event-loop-turn.ts'
import { runInScope, UnhandledRejection } from './reconcile-scope.ts'

/** What a controller is made of. */
export interface ControllerParts {
  readonly name: string
  readonly reconciler: Reconciler
  readonly sources: readonly Source[]
  readonly triggers: readonly Trigger[]
  readonly options: ControllerOptions
  readonly rateLimiter: RateLimiter
  readonly newQueue: () => WorkQueue
  readonly metrics: ControllerMetrics
  readonly clock: Clock
  readonly work: WorkTracker | undefined
  /** The log of a request, or of the controller itself without one. */
  readonly logOf: (request?: Request) => Logger
}

/** A request that failed, and why. */
export interface ReconcileFailure {
  readonly request: Request
  readonly error: unknown
}

/** Works on a queue of requests with a reconciler: `pkg/internal/controller.Controller`. Made by the builder. */
export class Controller {
  readonly name: string
  readonly sources: readonly Source[]
  readonly triggers: readonly Trigger[]
  readonly options: ControllerOptions
  readonly rateLimiter: RateLimiter
  readonly maxConcurrentReconciles: number
  /** Requests that failed and were not reconciled since, by key. */
  readonly failing = new Map<string, ReconcileFailure>()
  /** Requests that are being reconciled, by key, with their priority. */
  readonly active = new Map<string, QueuedRequest>()
  reconciles = 0
  failures = 0
  readonly #parts: ControllerParts
  readonly #timeout: number | undefined
  readonly #turn = new EventLoopTurn()
  #queue: WorkQueue | undefined
  #whenEnded: (() => void)[] = []

  constructor(parts: ControllerParts) {
    const { maxConcurrentReconciles = 1, reconciliationTimeout } = parts.options
    if (typeof parts.reconciler?.reconcile !== 'function') throw new TypeError('must specify Reconciler')
    if (!Number.isInteger(maxConcurrentReconciles) || maxConcurrentReconciles < 1) {
      throw new Error(
        `maxConcurrentReconciles must be a whole number of at least 1, not ${maxConcurrentReconciles}`,
      )
    }
    for (const trigger of parts.triggers) checkTrigger(trigger)
    this.name = parts.name
    this.sources = parts.sources
    this.triggers = parts.triggers
    this.options = parts.options
    this.rateLimiter = parts.rateLimiter
    this.maxConcurrentReconciles = maxConcurrentReconciles
    this.#parts = parts
    this.#timeout = reconciliationTimeout === undefined ? undefined : milliseconds(reconciliationTimeout)
  }

  /** The queue of the run that is under way. Throws an Error if there is none. */
  get queue(): WorkQueue {
    if (this.#queue === undefined) throw new Error(`controller ${this.name} is not running`)
    return this.#queue
  }

  /** Begins a run with an empty queue. Throws an Error if one is under way. */
  begin(): WorkQueue {
    if (this.#queue !== undefined) throw new Error(`controller ${this.name} is running already`)
    this.#queue = this.#parts.newQueue()
    this.failing.clear()
    return this.#queue
  }

  /** Ends the run. What is in the queue is forgotten. */
  end(): void {
    this.#queue?.shutDown()
    this.#queue = undefined
  }

  /** Resolves when nothing is being reconciled. */
  async whenInactive(): Promise<void> {
    while (this.active.size > 0) await new Promise<void>((resolve) => this.#whenEnded.push(resolve))
  }

  get log(): Logger {
    return this.#parts.logOf()
  }

  /**
   * Reconciles what is due, and what becomes due meanwhile, until nothing is due. `mayContinue` is called before each reconcile, and
   * ends it too if it returns false. Waits for what is under way then. Throws what `onReconciled` throws.
   */
  drain(signal: AbortSignal, mayContinue: () => boolean, onReconciled: () => void): Promise<void> {
    setMaxListeners(0, signal)
    return new Promise((resolve, reject) => {
      let workers = 0
      const fill = () => {
        while (workers < this.maxConcurrentReconciles && mayContinue()) {
          const queued = this.queue.tryGet()
          if (queued === undefined) break
          workers++
          const next = () => {
            workers--
            onReconciled()
            fill()
          }
          this.reconcile(queued, signal).then(next).catch(reject)
        }
        if (workers === 0) resolve()
      }
      fill()
    })
  }

  /** Reconciles what is due and what becomes due until `stop` aborts. Waits for what is under way then. */
  async work(signal: AbortSignal, stop: AbortSignal, onReconciled: () => void): Promise<void> {
    const { queue } = this
    // Workers and reconciles listen to them; Node takes more than ten listeners for a leak.
    setMaxListeners(0, signal, stop)
    const worker = async () => {
      for (let queued = await queue.get(stop); queued !== undefined; queued = await queue.get(stop)) {
        await this.reconcile(queued, signal)
        onReconciled()
      }
    }
    await Promise.all(Array.from({ length: this.maxConcurrentReconciles }, worker))
  }

  /**
   * Reconciles a request that the queue has handed out, and puts it back as the result says. Never throws. A reconcile that outlives
   * its run puts the request into the queue of that run, which takes nothing any more.
   */
  async reconcile(queued: QueuedRequest, stop: AbortSignal): Promise<void> {
    const { request } = queued
    const { metrics, clock, work } = this.#parts
    const key = requestKey(request)
    const piece = { describe: () => `${this.name} ${key}` }
    const { queue } = this
    const reconcileID = crypto.randomUUID()
    const log = this.#parts.logOf(request).withValues({ reconcileID })
    const startedAt = clock.now()
    this.#turn.enter()
    this.active.set(key, queued)
    work?.beginReconcile(piece)
    metrics.started()
    const limit = this.#limit(stop)
    const context = { signal: limit.signal, log, reconcileID }
    const onLateRejection = (unhandled: UnhandledRejection) =>
      this.#failedAfterwards(queue, request, unhandled, log)
    try {
      const result = await this.#call(request, context, onLateRejection)
      const after = result.requeueAfter === undefined ? 0 : milliseconds(result.requeueAfter)
      const priority = checkPriority(result.priority ?? queued.priority)
      this.failing.delete(key)
      metrics.ended(requeue(queue, { request, priority }, result, after), (clock.now() - startedAt) / 1000)
    } catch (error) {
      this.#failed(queue, queued, printableError(error), log)
      metrics.ended('error', (clock.now() - startedAt) / 1000)
    } finally {
      limit.end()
      this.active.delete(key)
      this.reconciles++
      queue.done(request)
      work?.endReconcile(piece)
      for (const ended of this.#whenEnded.splice(0)) ended()
    }
    await this.#turn.leave()
  }

  /** Calls the reconciler. Throws what it throws, or with what a promise was rejected that it began and did not await. */
  async #call(
    request: Request,
    context: ReconcileContext,
    onLateRejection: (rejection: UnhandledRejection) => void,
  ): Promise<Result> {
    let rejection: UnhandledRejection | undefined
    let hasEnded = false
    const onRejection = (unhandled: UnhandledRejection) => {
      if (hasEnded) onLateRejection(unhandled)
      else rejection ??= unhandled
    }
    try {
      const { reconciler } = this.#parts
      const result = await runInScope(onRejection, () => reconciler.reconcile(request, context))
      if (rejection !== undefined) throw rejection
      return result ?? {}
    } finally {
      hasEnded = true
    }
  }

  #failed(queue: WorkQueue, { request, priority }: QueuedRequest, error: unknown, log: Logger): void {
    const { metrics } = this.#parts
    this.failures++
    this.failing.set(requestKey(request), { request, error })
    if (isTerminalError(error)) {
      metrics.terminalError()
    } else {
      if (isPanic(error)) metrics.panicked()
      queue.add(request, { rateLimited: true, priority })
    }
    log.error(error, 'Reconciler error')
  }

  /**
   * Something that a reconcile began has failed after the reconcile had ended. It is not tried again: it would fail in the same way
   * for ever, and without back-off, since each success of the reconcile itself resets that.
   */
  #failedAfterwards(queue: WorkQueue, request: Request, error: UnhandledRejection, log: Logger): void {
    this.#parts.metrics.panicked()
    log.error(error, 'Unhandled rejection of what a reconcile began')
    if (queue !== this.#queue) return
    this.failures++
    this.failing.set(requestKey(request), { request, error })
  }

  /** The signal of one reconcile: it aborts with that of the controller, or after `reconciliationTimeout`. */
  #limit(stop: AbortSignal): { signal: AbortSignal; end: () => void } {
    if (this.#timeout === undefined) return { signal: stop, end: () => undefined }
    const { clock, metrics } = this.#parts
    const limit = new AbortController()
    // Not AbortSignal.any, of which `stop` would keep a trace for each reconcile there ever was.
    const onStop = () => limit.abort(stop.reason)
    if (stop.aborted) onStop()
    else stop.addEventListener('abort', onStop)
    const timer = clock.setTimer(() => {
      metrics.timedOut()
      limit.abort(new Error(`the reconcile took more than ${this.#timeout} ms`))
    }, this.#timeout)
    const end = () => {
      timer.cancel()
      stop.removeEventListener('abort', onStop)
    }
    return { signal: limit.signal, end }
  }
}

/** Puts a request back as the result of its reconcile says. */
function requeue(
  queue: WorkQueue,
  { request, priority }: QueuedRequest,
  result: Result,
  after: number,
): ReconcileResult {
  if (after > 0) {
    queue.forget(request)
    queue.add(request, { priority, after })
    return 'requeue_after'
  }
  if (result.requeue === true) {
    queue.add(request, { priority, rateLimited: true })
    return 'requeue'
  }
  queue.forget(request)
  return 'success'
}

/** What only a mistake in the program throws. */
function isPanic(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error instanceof UnhandledRejection ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError
  )
}
