import type { Clock, ClockTimer } from '@k1s/apimachinery'

interface Timer {
  readonly callback: () => void
  readonly at: number
  keepsProcess: boolean
}

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  #now = 1_000_000
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, delay: number): ClockTimer {
    const timer: Timer = { callback, at: this.#now + delay, keepsProcess: true }
    this.#timers.add(timer)
    const handle = {
      cancel: () => {
        this.#timers.delete(timer)
      },
      unref: () => {
        timer.keepsProcess = false
        return handle
      },
    }
    return handle
  }

  /** In how many milliseconds each timer is due, and whether it keeps the process alive. */
  get timers(): readonly { readonly delay: number; readonly keepsProcess: boolean }[] {
    return [...this.#timers].map(({ at, keepsProcess }) => ({ delay: at - this.#now, keepsProcess }))
  }

  /** Calls the timers that become due, each at its time. */
  advance(duration: number): void {
    const end = this.#now + duration
    for (let next = this.#nextBefore(end); next !== undefined; next = this.#nextBefore(end)) {
      this.#now = Math.max(this.#now, next.at)
      this.#timers.delete(next)
      next.callback()
    }
    this.#now = end
  }

  /** Moves the time without calling anybody, as a process that is busy or asleep sees it. */
  skip(duration: number): void {
    this.#now += duration
  }

  #nextBefore(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
