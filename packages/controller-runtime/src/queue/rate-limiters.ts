import type { Clock } from '@k1s/apimachinery'
import { type Duration, milliseconds } from '../duration.ts'
import { type Request, requestKey } from '../reconcile.ts'
import type { RateLimiter } from './request-queue.ts'

/** What Go's `time.Duration` holds at most, in milliseconds: the wait of those who will never have a turn. */
const longestWait = Number(2n ** 63n - 1n) / 1e6

/**
 * The rate limiter of controllers: 5 ms, doubled with each failure of a request up to 1,000 s. `controller.New` chooses it for
 * the priority queue.
 */
export function defaultRateLimiter(): RateLimiter {
  return itemExponentialFailureRateLimiter(5, 1_000_000)
}

/**
 * `workqueue.DefaultTypedControllerRateLimiter`: that of {@link defaultRateLimiter}, and at most 10 a second in all after the
 * first 100.
 */
export function defaultControllerRateLimiter(clock: Clock): RateLimiter {
  return maxOfRateLimiter(defaultRateLimiter(), bucketRateLimiter({ qps: 10, burst: 100, clock }))
}

/** `workqueue.DefaultTypedItemBasedRateLimiter`: 1 ms, doubled with each failure of a request up to 1,000 s. */
export function defaultItemBasedRateLimiter(): RateLimiter {
  return itemExponentialFailureRateLimiter(1, 1_000_000)
}

/** `baseDelay`, doubled with each failure of a request, and never more than `maxDelay`. */
export function itemExponentialFailureRateLimiter(baseDelay: Duration, maxDelay: Duration): RateLimiter {
  const base = milliseconds(baseDelay)
  const max = milliseconds(maxDelay)
  // Powers of 1,024 and more are infinite, and would make no number of a base of 0.
  return new FailureRateLimiter((failures) => Math.min(base * 2 ** Math.min(failures, 1023), max))
}

/** `fastDelay` for the first failures of a request, as many as `maxFastAttempts`, then `slowDelay`. */
export function itemFastSlowRateLimiter(
  fastDelay: Duration,
  slowDelay: Duration,
  maxFastAttempts: number,
): RateLimiter {
  const fast = milliseconds(fastDelay)
  const slow = milliseconds(slowDelay)
  return new FailureRateLimiter((failures) => (failures < maxFastAttempts ? fast : slow))
}

/**
 * A token bucket for all requests together, as in `golang.org/x/time/rate`: it holds `burst` tokens, begins full and gets `qps`
 * a second. Each request takes one; when there are none it waits for its own. Infinite `qps` limit nothing.
 */
export function bucketRateLimiter(options: {
  readonly qps: number
  readonly burst: number
  readonly clock: Clock
}): RateLimiter {
  return new BucketRateLimiter(options.qps, options.burst, options.clock)
}

/** Asks all the limiters, and waits as long as the strictest says. */
export function maxOfRateLimiter(...limiters: readonly RateLimiter[]): RateLimiter {
  return {
    when: (request) => Math.max(0, ...limiters.map((limiter) => limiter.when(request))),
    forget: (request) => {
      for (const limiter of limiters) limiter.forget(request)
    },
    numRequeues: (request) => Math.max(0, ...limiters.map((limiter) => limiter.numRequeues(request))),
    restore: (request, failures) => {
      for (const limiter of limiters) limiter.restore?.(request, failures)
    },
  }
}

/** Never waits longer than `maxDelay`. */
export function withMaxWaitRateLimiter(limiter: RateLimiter, maxDelay: Duration): RateLimiter {
  const max = milliseconds(maxDelay)
  return {
    when: (request) => Math.min(limiter.when(request), max),
    forget: (request) => limiter.forget(request),
    numRequeues: (request) => limiter.numRequeues(request),
    restore: (request, failures) => limiter.restore?.(request, failures),
  }
}

/** Counts the failures of each request, of which its delay is a function. */
class FailureRateLimiter implements RateLimiter {
  readonly #delayAfter: (failures: number) => number
  readonly #failures = new Map<string, number>()

  constructor(delayAfter: (failures: number) => number) {
    this.#delayAfter = delayAfter
  }

  when(request: Request): number {
    const failures = this.numRequeues(request)
    this.#failures.set(requestKey(request), failures + 1)
    return this.#delayAfter(failures)
  }

  forget(request: Request): void {
    this.#failures.delete(requestKey(request))
  }

  numRequeues(request: Request): number {
    return this.#failures.get(requestKey(request)) ?? 0
  }

  restore(request: Request, failures: number): void {
    if (failures > 0) this.#failures.set(requestKey(request), failures)
    else this.forget(request)
  }
}

class BucketRateLimiter implements RateLimiter {
  readonly #qps: number
  readonly #burst: number
  readonly #clock: Clock
  /** Below 0 while requests wait for theirs. */
  #tokens: number
  #countedAt: number

  constructor(qps: number, burst: number, clock: Clock) {
    this.#qps = qps
    this.#burst = burst
    this.#clock = clock
    this.#tokens = burst
    this.#countedAt = clock.now()
  }

  when(): number {
    if (this.#qps === Number.POSITIVE_INFINITY) return 0
    if (this.#burst < 1) return longestWait
    const now = this.#clock.now()
    const tokens = this.#tokensAt(now) - 1
    const delay = this.#timeFor(-tokens)
    if (delay >= longestWait) return longestWait
    this.#tokens = tokens
    this.#countedAt = now
    return delay
  }

  forget(): void {}

  numRequeues(): number {
    return 0
  }

  #tokensAt(now: number): number {
    const elapsed = Math.max(0, now - this.#countedAt)
    const gained = this.#qps > 0 ? (elapsed / 1000) * this.#qps : 0
    return Math.min(this.#tokens + gained, this.#burst)
  }

  /** Milliseconds, down to whole nanoseconds as in Go. */
  #timeFor(tokens: number): number {
    if (tokens <= 0) return 0
    if (this.#qps <= 0) return longestWait
    return Math.trunc((tokens / this.#qps) * 1e9) / 1e6
  }
}
