import type { Clock, ClockTimer } from '@k1s/apimachinery'
import type { Duration } from '@k1s/controller-runtime'
import { elapsedTime } from './elapsed-time.ts'
import { Settling } from './settling.ts'

/**
 * A clock that moves when a test says so: `FakeClock` of `k8s.io/utils/clock/testing`. Starts at 2026-01-01T00:00:00Z unless
 * it is told otherwise (milliseconds since the epoch).
 *
 * ```ts
 * const clock = new FakeClock()
 * await using runtime = await createRuntime({ storage: { type: 'memory' }, clock })
 * await clock.advance('1h')
 * ```
 */
export class FakeClock implements Clock {
  #now: number
  /** The next one first. */
  readonly #timers: FakeTimer[] = []
  readonly #settling = new Settling()
  #advancing: Promise<void> = Promise.resolve()

  constructor(start: number | Date = Date.UTC(2026, 0, 1)) {
    this.#now = timeOf(start)
  }

  now(): number {
    return this.#now
  }

  /** As Node's timers it waits for one millisecond at least. */
  setTimer(callback: () => void, delay: number): ClockTimer {
    const time = this.#now + Math.max(delay || 1, 1)
    const timer = new FakeTimer(time, callback, (cancelled) => this.#remove(cancelled))
    const later = this.#timers.findLastIndex((other) => other.time <= time)
    this.#timers.splice(later + 1, 0, timer)
    return timer
  }

  /** How many timers have neither been called nor cancelled. */
  get pendingTimers(): number {
    return this.#timers.length
  }

  /**
   * Lets time pass. Timers that become due are called in the order of their times, each at its own time, and what they set off
   * in this process may settle before the next one: promises, commits to a store in memory, modules that are loaded, files that
   * are read by promises. When a connection or another process is done cannot be known. What a timer throws is thrown, and time stops
   * at that timer's time.
   */
  advance(by: Duration): Promise<void> {
    const ms = elapsedTime('what time is advanced by', by)
    return this.#inTurn(() => this.#advanceTo(this.#now + ms))
  }

  /**
   * Makes it another time. Up to a later one it advances; to an earlier one it goes back, and timers, which keep their
   * times, have longer to wait.
   */
  setTime(time: number | Date): Promise<void> {
    const wanted = timeOf(time)
    return this.#inTurn(async () => {
      if (wanted >= this.#now) return this.#advanceTo(wanted)
      this.#now = wanted
      await this.#settling.rest()
    })
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const result = this.#advancing.then(step)
    this.#advancing = result.catch(() => {})
    return result
  }

  async #advanceTo(end: number): Promise<void> {
    // Timers of what was begun just before belong to the time that passes now.
    await this.#settling.rest()
    for (let next = this.#timers[0]; next !== undefined && next.time <= end; next = this.#timers[0]) {
      this.#timers.shift()
      this.#now = Math.max(this.#now, next.time)
      next.callback()
      await this.#settling.rest()
    }
    this.#now = end
    await this.#settling.rest()
  }

  #remove(timer: FakeTimer): void {
    const index = this.#timers.indexOf(timer)
    if (index >= 0) this.#timers.splice(index, 1)
  }
}

class FakeTimer implements ClockTimer {
  readonly time: number
  readonly callback: () => void
  readonly #remove: (timer: FakeTimer) => void

  constructor(time: number, callback: () => void, remove: (timer: FakeTimer) => void) {
    this.time = time
    this.callback = callback
    this.#remove = remove
  }

  cancel(): void {
    this.#remove(this)
  }

  /** It never kept the process alive. */
  unref(): this {
    return this
  }
}

function timeOf(time: number | Date): number {
  const milliseconds = Number(time)
  if (!Number.isFinite(milliseconds)) throw new RangeError(`not a time: ${time}`)
  return milliseconds
}
