/** An evaluation took more steps than it may. */
export class CostExceededError extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded')
    this.name = 'CostExceededError'
  }
}

/** Work that nothing charges for may take this many times the limit in steps of about 0.1 µs. */
export const WORK_PER_COST = 10

/**
 * What one evaluation may cost, and what a group of them may together. One unit is about one step of the evaluator
 * or 10 characters of text, as in `runtimeCost` of cel-go, so that limits are those of Kubernetes.
 */
export class CostBudget {
  readonly #limit: number
  #spent = 0
  #worked = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get spent(): number {
    return this.#spent
  }

  /** The steps that were taken beside. */
  get worked(): number {
    return this.#worked
  }

  get remaining(): number {
    return this.#limit - this.#spent
  }

  /** Throws a CostExceededError once more than the limit was spent. */
  spend(cost: number): void {
    this.#spent += cost
    if (this.#spent > this.#limit) throw new CostExceededError()
  }

  /**
   * Counts steps of about 0.1 µs that Kubernetes does not charge for: characters counted, nested elements compared.
   * They change no cost, yet an evaluation that takes far more of them than its limit ends as one that costs too much.
   */
  work(steps: number): void {
    this.#worked += steps
    if (this.#worked > this.#limit * WORK_PER_COST) throw new CostExceededError()
  }
}
