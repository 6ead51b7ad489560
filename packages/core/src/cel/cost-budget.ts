/** An evaluation took more steps than it may. */
export class CostExceededError extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded')
    this.name = 'CostExceededError'
  }
}

/**
 * What one evaluation may cost, and what a group of them may together. One unit is about one step of the evaluator
 * or 10 characters of text, as in `runtimeCost` of cel-go, so that limits are those of Kubernetes.
 */
export class CostBudget {
  readonly #limit: number
  #spent = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get spent(): number {
    return this.#spent
  }

  get remaining(): number {
    return this.#limit - this.#spent
  }

  /** Throws a CostExceededError once more than the limit was spent. */
  spend(cost: number): void {
    this.#spent += cost
    if (this.#spent > this.#limit) throw new CostExceededError()
  }
}
