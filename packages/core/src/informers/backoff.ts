import type { Clock } from '@k1s/apimachinery'

/** What a reflector of `client-go` waits after failures: first and at most, before jitter; milliseconds. */
const first = 800
const longest = 30_000
const factor = 2
/** Each delay is longer by up to this share of it, so that many clients do not come back at once. */
const jitter = 1
/** Without a failure for this long, milliseconds, delays begin with the first again. */
const resetAfter = 120_000

/** The delays after failures: exponentially longer, up to a minute, and short again after two minutes without a failure. */
export class Backoff {
  readonly #clock: Clock
  #delay = first
  #lastAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastAt = clock.now()
  }

  /** How long to wait after a failure now, milliseconds. */
  next(): number {
    const now = this.#clock.now()
    if (now - this.#lastAt > resetAfter) this.#delay = first
    this.#lastAt = now
    const delay = this.#delay * (1 + Math.random() * jitter)
    this.#delay = Math.min(this.#delay * factor, longest)
    return delay
  }
}
