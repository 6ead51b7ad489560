import { type Clock, type ClockTimer, newBadRequest } from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import { MvccTransaction } from './mvcc-transaction.ts'

/** History goes when it is both older than `age` and further back than `revisions`. */
export interface Retention {
  /** Milliseconds. */
  age: number
  revisions: number
}

export const defaultRetention: Retention = { age: 3_600_000, revisions: 100_000 }

/** How much a write does on the side, so that short-lived processes keep the store in shape too. */
const sweepPerWrite = 16
const compactPerWrite = 200
/** How often a writer looks for what other processes left to expire, in milliseconds. */
const lookAround = 1000

/**
 * Runs write transactions and does the store's housekeeping inside them: removes expired objects and compacts
 * the log. Only in processes that write; those that only read change nothing.
 */
export class Upkeep {
  readonly #engine: Engine
  readonly #retention: Retention
  readonly #clock: Clock
  #nextSweep = 0
  #nextCompaction = 0
  #timer: ClockTimer | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #closed = false
  #pending = 0
  readonly #ended = () => {
    this.#pending--
  }

  constructor(engine: Engine, retention: Retention, clock: Clock) {
    this.#engine = engine
    this.#retention = retention
    this.#clock = clock
  }

  /** Writes that have begun and are not durable yet. */
  get pending(): number {
    return this.#pending
  }

  write<T>(body: (transaction: MvccTransaction) => T): Promise<T> {
    this.#pending++
    const written = this.#engine.write((engineTransaction) => {
      const transaction = new MvccTransaction(engineTransaction, this.#engine, this.#clock.now())
      const result = body(transaction)
      if (transaction.now >= this.#nextSweep) this.#sweep(transaction, sweepPerWrite)
      this.#schedule(transaction.earliestExpiry)
      if (transaction.revision >= this.#nextCompaction) this.#compact(transaction)
      return result
    })
    written.then(this.#ended, this.#ended)
    return written
  }

  /** Forgets history up to and including `revision`, in bounded steps. */
  async compact(revision: number): Promise<void> {
    if (!Number.isSafeInteger(revision) || revision < 0) {
      throw newBadRequest(`a revision to compact must be a whole number, not ${revision}`)
    }
    let done = false
    while (!done) {
      done = await this.#engine.write((engineTransaction) => {
        const transaction = new MvccTransaction(engineTransaction, this.#engine, this.#clock.now())
        if (revision > transaction.revision) {
          throw newBadRequest(
            `cannot compact up to revision ${revision}: the current revision is ${transaction.revision}`,
          )
        }
        return transaction.compact(revision, 1000).done
      })
    }
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #sweep(transaction: MvccTransaction, limit: number): void {
    const next = transaction.sweep(limit)
    this.#nextSweep = transaction.now + lookAround
    if (next !== 0) this.#schedule(next)
  }

  #compact(transaction: MvccTransaction): void {
    const { age, revisions } = this.#retention
    const step = Math.max(1, Math.min(compactPerWrite >> 1, Math.ceil(revisions / 10)))
    const target = Math.min(transaction.revision - revisions, transaction.compactRevision + compactPerWrite)
    this.#nextCompaction = Math.max(transaction.compactRevision + revisions, transaction.revision) + step
    if (target <= transaction.compactRevision) return
    const time = transaction.timeOf(target)
    if (time === undefined || time > transaction.now - age) return
    transaction.compact(target, compactPerWrite)
    // More than one step is left over from a time when this was not allowed: go on with the next write.
    if (transaction.revision - revisions > target) this.#nextCompaction = transaction.revision + 1
  }

  #schedule(at: number): void {
    if (this.#closed || at >= this.#timerAt) return
    this.#timer?.cancel()
    this.#timerAt = at
    const delay = Math.max(at - this.#clock.now(), 1)
    this.#timer = this.#clock.setTimer(() => this.#sweepNow(), delay).unref()
  }

  #sweepNow(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#engine
      .write((engineTransaction) => {
        this.#sweep(new MvccTransaction(engineTransaction, this.#engine, this.#clock.now()), 500)
      })
      // Nobody waits for this write. Expired objects are hidden anyway; the next writer removes them.
      .catch(() => {
        this.#nextSweep = 0
      })
  }
}
