/** Milliseconds. */
const windowLength = 1000

/** How many requests are answered at the same time, with the most that there were in about the last second. */
export class InFlight {
  #current = 0
  #most = 0
  #mostBefore = 0
  #windowStart = 0

  /** `now` in milliseconds, of a clock that does not go back. */
  started(now: number): void {
    if (now - this.#windowStart > windowLength) this.#nextWindow(now)
    this.#current++
    if (this.#current > this.#most) this.#most = this.#current
  }

  ended(): void {
    this.#current--
  }

  most(now: number): number {
    if (now - this.#windowStart > windowLength) this.#nextWindow(now)
    return Math.max(this.#most, this.#mostBefore)
  }

  #nextWindow(now: number): void {
    this.#mostBefore = now - this.#windowStart > 2 * windowLength ? this.#current : this.#most
    this.#most = this.#current
    this.#windowStart = now
  }
}
