import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../test/manual-clock.ts'
import type { Request } from '../reconcile.ts'
import {
  bucketRateLimiter,
  defaultControllerRateLimiter,
  defaultItemBasedRateLimiter,
  defaultRateLimiter,
  itemExponentialFailureRateLimiter,
  itemFastSlowRateLimiter,
  maxOfRateLimiter,
  withMaxWaitRateLimiter,
} from './rate-limiters.ts'
import type { RateLimiter } from './request-queue.ts'

const one = { namespace: 'default', name: 'one' }
const two = { namespace: 'default', name: 'two' }
/** What Go calls InfDuration. */
const forever = 9_223_372_036_854.775

describe('itemExponentialFailureRateLimiter', () => {
  test('doubles the delay of a request with each failure, until it is forgotten', () => {
    const limiter = itemExponentialFailureRateLimiter('1ms', '1s')
    expect(delays(limiter, one, 5)).toEqual([1, 2, 4, 8, 16])
    expect(limiter.numRequeues(one)).toBe(5)
    expect(delays(limiter, two, 2)).toEqual([1, 2])
    limiter.forget(one)
    expect(limiter.numRequeues(one)).toBe(0)
    expect(limiter.when(one)).toBe(1)
    expect(limiter.numRequeues(two)).toBe(2)
  })

  test.each([
    [1, 1_000_000],
    [60_000, 3_600_000_000],
    [0, 0],
  ])('of %i ms is never more than %i ms, after a thousand failures and more', (base, max) => {
    const limiter = itemExponentialFailureRateLimiter(base, max)
    expect(delays(limiter, one, 1200).at(-1)).toBe(max)
  })

  test('restores the failures that another process counted', () => {
    const limiter = itemExponentialFailureRateLimiter(5, '1000s')
    limiter.restore?.(one, 3)
    expect(limiter.numRequeues(one)).toBe(3)
    expect(limiter.when(one)).toBe(40)
    limiter.restore?.(one, 0)
    expect(limiter.when(one)).toBe(5)
  })
})

test('itemFastSlowRateLimiter is fast for so many failures, then slow', () => {
  const limiter = itemFastSlowRateLimiter('5ms', '10s', 3)
  expect(delays(limiter, one, 5)).toEqual([5, 5, 5, 10_000, 10_000])
  expect(limiter.numRequeues(one)).toBe(5)
  expect(delays(limiter, two, 2)).toEqual([5, 5])
  limiter.forget(one)
  expect(limiter.when(one)).toBe(5)
})

describe('bucketRateLimiter', () => {
  // As golang.org/x/time v0.15.0 answers.
  test.each([
    [10, 2, [0, 0, 0, 0, 50, 1000, 1000, 1000, 1000], [0, 0, 100, 200, 250, 0, 0, 100, 200]],
    [3, 1, [0, 0, 0, 100, 2000], [0, 333.333333, 666.666666, 900, 0]],
    [0.5, 1, [0, 0, 10], [0, 2000, 3990]],
    [0, 2, [0, 0, 0, 5000], [0, 0, forever, forever]],
    [10, 0, [0, 0], [forever, forever]],
    [Number.POSITIVE_INFINITY, 0, [0, 0], [0, 0]],
  ])('of %d a second and a burst of %i delays requests at %j by %j ms', (qps, burst, times, expected) => {
    const clock = new ManualClock()
    const start = clock.now()
    const limiter = bucketRateLimiter({ qps, burst, clock })
    const answers = times.map((time) => {
      clock.skip(start + time - clock.now())
      return limiter.when(one)
    })
    expect(answers).toEqual(expected)
  })

  test('counts no failures', () => {
    const limiter = bucketRateLimiter({ qps: 10, burst: 100, clock: new ManualClock() })
    limiter.when(one)
    expect(limiter.numRequeues(one)).toBe(0)
  })
})

test('maxOfRateLimiter waits as long as the strictest says', () => {
  const limiter = maxOfRateLimiter(
    itemFastSlowRateLimiter('5ms', '3s', 3),
    itemExponentialFailureRateLimiter('1ms', '1s'),
  )
  expect(delays(limiter, one, 5)).toEqual([5, 5, 5, 3000, 3000])
  expect(limiter.numRequeues(one)).toBe(5)
  limiter.restore?.(two, 3)
  expect(limiter.when(two)).toBe(3000)
  limiter.forget(one)
  expect(limiter.numRequeues(one)).toBe(0)
  expect(limiter.when(one)).toBe(5)
})

test('withMaxWaitRateLimiter never waits longer', () => {
  const limiter = withMaxWaitRateLimiter(itemExponentialFailureRateLimiter('1s', '1000s'), '3s')
  expect(delays(limiter, one, 4)).toEqual([1000, 2000, 3000, 3000])
  expect(limiter.numRequeues(one)).toBe(4)
  limiter.forget(one)
  expect(limiter.when(one)).toBe(1000)
})

test('the default of controllers begins with 5 ms and ends with 1,000 s', () => {
  const all = delays(defaultRateLimiter(), one, 20)
  expect([all[0], all[1], all[17], all[18], all[19]]).toEqual([5, 10, 655_360, 1_000_000, 1_000_000])
})

test('the default of client-go for items begins with 1 ms', () => {
  expect(delays(defaultItemBasedRateLimiter(), one, 3)).toEqual([1, 2, 4])
})

test('the default of client-go for controllers lets 10 a second through after the first 100', () => {
  const limiter = defaultControllerRateLimiter(new ManualClock())
  const all = Array.from({ length: 103 }, (_, index) => limiter.when({ namespace: '', name: `${index}` }))
  expect(all.slice(98)).toEqual([5, 5, 100, 200, 300])
})

function delays(limiter: RateLimiter, request: Request, count: number): number[] {
  return Array.from({ length: count }, () => limiter.when(request))
}
