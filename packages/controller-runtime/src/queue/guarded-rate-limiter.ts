import type { Request } from '../reconcile.ts'
import { defaultRateLimiter } from './rate-limiters.ts'
import type { RateLimiter } from './request-queue.ts'

/**
 * A rate limiter of an application, which never throws: a request must not get lost because there is no knowing when to try it
 * again. Where `limiter` throws, or `when` returns what is no time, `onError` is called, and the default rate limiter decides.
 */
export function guardedRateLimiter(limiter: RateLimiter, onError: (error: unknown) => void): RateLimiter {
  const fallback = defaultRateLimiter()
  const guarded = <T>(call: () => T): T | undefined => {
    try {
      return call()
    } catch (error) {
      onError(error)
      return undefined
    }
  }
  return {
    when: (request) => guarded(() => delayOf(limiter, request)) ?? fallback.when(request),
    forget: (request) => {
      guarded(() => limiter.forget(request))
      fallback.forget(request)
    },
    numRequeues: (request) => {
      const failures = guarded(() => limiter.numRequeues(request)) ?? 0
      return Math.max(failures, fallback.numRequeues(request))
    },
    restore: (request, failures) => {
      guarded(() => limiter.restore?.(request, failures))
      fallback.restore?.(request, failures)
    },
  }
}

function delayOf(limiter: RateLimiter, request: Request): number {
  const delay: unknown = limiter.when(request)
  if (typeof delay === 'number' && !Number.isNaN(delay)) return delay
  throw new TypeError(`when() of a rate limiter returns milliseconds, not ${String(delay)}`)
}
