import type { Duration } from '../duration.ts'
import type { Request } from '../reconcile.ts'

/** `priorityqueue.AddOpts`. */
export interface AddOptions {
  /** From now on. Default: at once. */
  readonly after?: Duration
  /** After as long as the rate limiter says, if that is earlier than `after`. */
  readonly rateLimited?: boolean
  /** Higher ones go first. A finite number, or `add` throws a RangeError. Default: 0. */
  readonly priority?: number
}

/**
 * Where requests wait: `priorityqueue.PriorityQueue`. One that is there already is not queued twice: it keeps the higher
 * priority and the earlier time. One that is being reconciled is handed out again once that is done.
 */
export interface RequestQueue {
  add(request: Request, options?: AddOptions): void
  addAfter(request: Request, delay: Duration): void
  addRateLimited(request: Request): void
}

/** The other side of the queue, for the controller that works on it. */
export interface WorkQueue extends RequestQueue {
  /** The next request that is due, by priority and then by age. Undefined if none is. */
  tryGet(): QueuedRequest | undefined
  /** Waits for one that is due. Undefined once the queue is shut down, or the signal aborts. */
  get(signal?: AbortSignal): Promise<QueuedRequest | undefined>
  /** The request is no longer being worked on. Every one that was handed out has to come back. */
  done(request: Request): void
  /** The rate limiter forgets the failures of a request. */
  forget(request: Request): void
  /** How often a request was added `rateLimited` since it was forgotten. */
  numRequeues(request: Request): number
  /** How many are due. */
  readonly length: number
  /** Requests that are due or wait for their time, and those being worked on that were added again meanwhile. */
  pending(): Iterable<PendingRequest>
  /** How many were handed out and are not done. */
  readonly inFlight: number
  /** Those that were handed out and are not done. */
  handedOut(): Iterable<QueuedRequest>
  /** Nothing is added or handed out any more. Those who wait in `get` are told. */
  shutDown(): void
  readonly isShutDown: boolean
}

export interface QueuedRequest {
  readonly request: Request
  readonly priority: number
}

export interface PendingRequest extends QueuedRequest {
  /** When it is due, in milliseconds since the epoch of the queue's clock. */
  readonly dueAt: number
  /** How often it failed in a row. */
  readonly failures: number
}

/**
 * How long a request that is added `rateLimited` waits: `workqueue.TypedRateLimiter`. Of a controller's it is logged when a method
 * throws, or `when` returns no number; the default rate limiter decides then.
 */
export interface RateLimiter {
  /** Milliseconds. Counts as a failure of the request. */
  when(request: Request): number
  forget(request: Request): void
  numRequeues(request: Request): number
  /** Takes over what another process counted. */
  restore?(request: Request, failures: number): void
}
