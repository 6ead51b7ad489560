import type { Duration } from './duration.ts'
import type { Logger } from './log/logger.ts'
import { messageOf } from './printable-error.ts'

/** What to reconcile: `reconcile.Request`. It says which object and not what happened to it. */
export interface Request {
  /** Empty for objects of a cluster-scoped kind. */
  readonly namespace: string
  readonly name: string
}

/** What is to happen after a reconcile that did not fail: `reconcile.Result`. */
export interface Result {
  /** Reconcile again after this time, if it is more than 0. */
  readonly requeueAfter?: Duration
  /**
   * Reconcile again after the back-off of the rate limiter, as after an error. Say when with `requeueAfter` instead: that
   * is what the field is kept for.
   */
  readonly requeue?: boolean
  /**
   * The priority with which the request is queued again, a finite number. Default: the one that it had, which it keeps after an
   * error.
   */
  readonly priority?: number
}

/** What a reconcile may use besides its request: what Go carries in a `context.Context`. */
export interface ReconcileContext {
  /** Aborts when the time for this reconcile is up, or when the controller stops and does not wait any longer. */
  readonly signal: AbortSignal
  /** Knows the controller, the request and the `reconcileID`. */
  readonly log: Logger
  /** A UUID for this reconcile. */
  readonly reconcileID: string
}

/**
 * Brings the world into the state that one object asks for: `reconcile.Reconciler`. When it throws, it is called again, after a
 * longer time with each failure, unless it throws a {@link TerminalError}. No two calls for one request are under way at the same
 * time.
 *
 * A promise that it does not await and that is rejected counts as its failure too, if it is rejected before the reconcile ends;
 * after that, it is logged and counted, and not tried again. Neither ends the process.
 */
export interface Reconciler {
  reconcile(request: Request, context: ReconcileContext): Promise<Result | void> | Result | void
}

export type ReconcileFunction = Reconciler['reconcile']

const brand = Symbol.for('k1s.dev/TerminalError')

/** Thrown by a reconcile that would fail again if it was retried. It is logged and counted, and not retried. */
export class TerminalError extends Error {
  override name = 'TerminalError'
  /** Recognizes also errors that were made by another copy of this package. */
  readonly [brand] = true

  /** `cause` is what went wrong; its message is part of this one's. */
  constructor(cause: unknown) {
    super(`terminal error: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Whether an error is a {@link TerminalError}, was caused by one, or has one among its errors, such as a `FinalizeError`:
 * `errors.Is`.
 */
export function isTerminalError(error: unknown): boolean {
  const seen = new Set<unknown>()
  const isTerminal = (one: unknown): boolean => {
    if (!(one instanceof Error) || seen.has(one)) return false
    seen.add(one)
    const errors = one instanceof AggregateError ? one.errors : []
    return brand in one || isTerminal(one.cause) || errors.some(isTerminal)
  }
  return isTerminal(error)
}

/** The key under which a request is queued. No namespace or name has a slash. */
export function requestKey({ namespace, name }: Request): string {
  return `${namespace}/${name}`
}

/** The request of a key made by {@link requestKey}. */
export function requestOfKey(key: string): Request {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
