import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long reconciles that wait for nothing but each other may hold up timers and signals, milliseconds. */
const longestTurn = 50

/**
 * Lets the event loop go on while reconciles follow each other. With a store in memory one promise can follow the other for ever, so
 * that timers and signals, and with them deadlines and renewals of Leases, would never have their turn.
 */
export class EventLoopTurn {
  #beganAt: number | undefined

  /** To be called when a reconcile begins. */
  enter(): void {
    if (this.#beganAt !== undefined) return
    this.#beganAt = performance.now()
    setImmediate(() => {
      this.#beganAt = undefined
    }).unref()
  }

  /** To be awaited when a reconcile has ended. Undefined while the current turn is short enough. */
  leave(): Promise<void> | undefined {
    if (this.#beganAt === undefined || performance.now() < this.#beganAt + longestTurn) return undefined
    return nextTurn()
  }
}
