/**
 * Where the time comes from, and what waits for it: `k8s.io/utils/clock`. Programs use {@link systemClock}; tests have one
 * that moves when they say so.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `callback` once after `delay` milliseconds, and not before this call has returned. */
  setTimer(callback: () => void, delay: number): ClockTimer
}

/** A timer that is under way. It keeps the process alive. */
export interface ClockTimer {
  /** The callback will not be called. One that has been called or cancelled is no error. */
  cancel(): void
  /** It no longer keeps the process alive. */
  unref(): this
}

/** The longest delay that Node's timers know, milliseconds. */
const longestDelay = 2 ** 31 - 1

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (callback, delay) => new SystemTimer(callback, delay),
}

class SystemTimer implements ClockTimer {
  #timeout: NodeJS.Timeout

  constructor(callback: () => void, delay: number) {
    this.#timeout = this.#start(callback, delay)
  }

  cancel(): void {
    clearTimeout(this.#timeout)
  }

  unref(): this {
    this.#timeout.unref()
    return this
  }

  #start(callback: () => void, delay: number): NodeJS.Timeout {
    if (delay <= longestDelay) return setTimeout(callback, delay)
    return setTimeout(() => {
      const wasReferenced = this.#timeout.hasRef()
      this.#timeout = this.#start(callback, delay - longestDelay)
      if (!wasReferenced) this.#timeout.unref()
    }, longestDelay)
  }
}

/** Resolves after `delay` milliseconds, or at once when the signal aborts. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(end, delay)
    signal?.addEventListener('abort', end)
  })
}
