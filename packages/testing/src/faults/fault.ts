import { type MatchedRequest, matches, type RequestMatch } from '../requests/request-match.ts'

/** A fault that was asked for. */
export interface FaultHandle {
  /** How many requests it was done to. */
  readonly hits: number
  /** It does nothing more from now on. */
  remove(): void
}

/** Which requests a fault is done to, and how often. */
export interface FaultOptions extends RequestMatch {
  /** How many of them, from now on. Default: all, until it is removed. */
  readonly times?: number
}

/** What was asked for, and how far it got. */
export class Fault<Effect> implements FaultHandle {
  hits = 0
  readonly effect: Effect
  readonly #match: RequestMatch
  readonly #times: number
  readonly #onRemove: (fault: Fault<Effect>) => void

  constructor(
    { times = Number.POSITIVE_INFINITY, ...match }: FaultOptions,
    effect: Effect,
    onRemove: (fault: Fault<Effect>) => void,
  ) {
    if (!(times > 0))
      throw new RangeError(`a fault is done to a number of requests from 1 on, not to ${times}`)
    this.effect = effect
    this.#match = match
    this.#times = times
    this.#onRemove = onRemove
  }

  /** Whether it is done to this request, which then counts. */
  strikes(request: MatchedRequest): boolean {
    if (this.hits >= this.#times || !matches(this.#match, request)) return false
    this.hits++
    return true
  }

  remove(): void {
    this.#onRemove(this)
  }
}
