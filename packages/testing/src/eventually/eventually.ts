import { type Clock, checkFields, type FieldsOf, sleep, systemClock } from '@k1s/apimachinery'
import type { Duration } from '@k1s/controller-runtime'
import { elapsedTime } from '../elapsed-time.ts'
import { explained } from './explained-error.ts'

export interface EventuallyOptions {
  /** For how long it is tried. Default: `5s`; with a fake clock `1m`. */
  readonly timeout?: Duration
  /** How long it waits between two tries. Default: `20ms`; with a fake clock `1s`. */
  readonly interval?: Duration
  /** One that can be advanced, such as a `FakeClock`, is advanced in place of waiting. Default: the time of the machine. */
  readonly clock?: Clock
}

/** A clock that moves when it is told to. */
interface SteppedClock extends Clock {
  advance(ms: number): Promise<void>
}

/**
 * Tries until `attempt` no longer throws, and returns what it returned: Gomega's `Eventually`. What the last try threw is
 * thrown in the end, with how often it was tried. With a fake clock, that comes after a second of the machine's time at the
 * earliest.
 *
 * ```ts
 * const item = await eventually(async () => {
 *   const found = await client.get(Item, { name: 'laptop' })
 *   assertCondition(found, 'Ready', 'True')
 *   return found
 * })
 * ```
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<T> {
  checkFields('eventually', options, eventuallyFields)
  const { clock = systemClock } = options
  const timeout = elapsedTime('timeout', options.timeout ?? (isStepped(clock) ? 60_000 : 5000))
  const interval = intervalOf(options, clock)
  const end = clock.now() + timeout
  const earliest = isStepped(clock) ? systemClock.now() + leastTime : 0
  let last: { readonly error: unknown } | undefined
  for (let tries = 1; ; tries++) {
    const outcome = await outcomeOf(attempt, clock, end, interval)
    if (outcome === undefined) {
      const error = last?.error ?? new Error('it is still waiting for an answer')
      throw explained(error, `tried ${times(tries)} within ${timeout}ms, and the last try did not end`)
    }
    if ('value' in outcome) return outcome.value
    last = outcome
    const left = end - clock.now()
    if (left > 0) await pass(clock, Math.min(interval, left))
    else if (systemClock.now() < earliest) await sleep(systemClock, answerTime)
    else throw explained(last.error, `tried ${times(tries)} within ${timeout}ms`)
  }
}

export interface ConsistentlyOptions extends Omit<EventuallyOptions, 'timeout'> {
  /** For how long it has to hold. Default: `200ms`; with a fake clock `10s`. */
  readonly duration?: Duration
}

/**
 * Tries again and again, and throws what `attempt` throws, with when it did: Gomega's `Consistently`. Returns what the last try
 * returned.
 */
export async function consistently<T>(
  attempt: () => T | Promise<T>,
  options: ConsistentlyOptions = {},
): Promise<T> {
  checkFields('consistently', options, consistentlyFields)
  const { clock = systemClock } = options
  const duration = elapsedTime('duration', options.duration ?? (isStepped(clock) ? 10_000 : 200))
  const interval = intervalOf(options, clock)
  const start = clock.now()
  for (let tries = 1; ; tries++) {
    const outcome = await outcomeOf(attempt, clock, start + duration, interval)
    const passed = clock.now() - start
    if (outcome === undefined || 'error' in outcome) {
      const error = outcome?.error ?? new Error('it is still waiting for an answer')
      throw explained(error, `it held ${times(tries - 1)}, and no longer after ${passed}ms`)
    }
    if (passed >= duration) return outcome.value
    await pass(clock, Math.min(interval, duration - passed))
  }
}

const eventuallyFields: FieldsOf<EventuallyOptions> = { timeout: true, interval: true, clock: true }
const consistentlyFields: FieldsOf<ConsistentlyOptions> = { duration: true, interval: true, clock: true }

/**
 * How long a try that begins just before the end may take, milliseconds. With a fake clock it goes on for so long of the time of
 * the machine, since modules may have to be loaded, or a server to answer, however much time the clock says has passed.
 */
const leastTime = 1000
/** What answers in this time, such as an HTTP server, need not be waited for with a fake clock, milliseconds. */
const answerTime = 20

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/** Undefined if there is none in time. Meanwhile a fake clock is advanced: it may be what the attempt waits for. */
async function outcomeOf<T>(
  attempt: () => T | Promise<T>,
  clock: Clock,
  end: number,
  interval: number,
): Promise<Outcome<T> | undefined> {
  const settled = tried(attempt)
  const limit = Math.max(end, clock.now() + leastTime)
  if (!isStepped(clock)) return within(settled, limit - clock.now())
  for (;;) {
    const outcome = await within(settled, answerTime)
    if (outcome !== undefined || clock.now() >= limit) return outcome
    await clock.advance(Math.min(interval, limit - clock.now()))
  }
}

async function tried<T>(attempt: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await attempt() }
  } catch (error) {
    return { error }
  }
}

/** Undefined after so many milliseconds of this machine. */
async function within<T>(outcome: Promise<T>, ms: number): Promise<T | undefined> {
  const done = new AbortController()
  try {
    return await Promise.race([outcome, sleep(systemClock, ms, done.signal).then(() => undefined)])
  } finally {
    done.abort()
  }
}

function pass(clock: Clock, ms: number): Promise<void> {
  return isStepped(clock) ? clock.advance(ms) : sleep(clock, ms)
}

function isStepped(clock: Clock): clock is SteppedClock {
  return 'advance' in clock
}

function intervalOf({ interval }: Pick<EventuallyOptions, 'interval'>, clock: Clock): number {
  return elapsedTime('interval', interval ?? (isStepped(clock) ? 1000 : 20))
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
