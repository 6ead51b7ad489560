import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long reconciles that wait for nothing but each other may hold up timers and signals, milliseconds. */
const longestTurn = 50

/**
 * The turn of the event loop that reconciles are in. With a store in memory, one promise can follow the other for ever:
 * deadlines, signals and the renewal of Leases would never have their turn.
 */
export class EventLoopTurn {
  #beganAt: number | undefined

  /** To be called when work begins. */
  enter(): void {
    if (this.#beganAt !== undefined) return
    this.#beganAt = performance.now()
    setImmediate(() => {
      this.#beganAt = undefined
    }).unref()
  }

  /** To be awaited, if there is anything to await, when work has ended and more may follow. */
  leave(): Promise<void> | undefined {
    if (this.#beganAt === undefined || performance.now() < this.#beganAt + longestTurn) return undefined
    return nextTurn()
  }
}
