import { newServiceUnavailable, newTimeoutError } from '@k1s/apimachinery'
import { type EngineReader, type EngineTransaction, TransactionBuffer } from '@k1s/storage'
import { describeCommitFailure } from './database-error.ts'
import { freeSpace, littleSpace, requireSpaceFor } from './free-space.ts'
import type { Store } from './open-database.ts'
import { reserveSpace } from './reserve-space.ts'
import { readWriter, WriterFile } from './writer-file.ts'

interface Write {
  body: (transaction: EngineTransaction) => unknown
  resolve: (result: never) => void
  reject: (error: unknown) => void
  /** Milliseconds since 1970. */
  deadline: number
  failed: boolean
  outcome: unknown
}

/** Runs all writes that come while a commit is under way in the next one, so that they share its flush. */
export class WriteQueue {
  readonly #store: Store
  readonly #reader: EngineReader
  readonly #lockTimeout: number
  readonly #committed: () => void
  readonly #writerFile: WriterFile
  #waiting: Write[] = []
  /** Set while a transaction is asked for that has not begun: it takes all that wait when it does. */
  #requested = false
  readonly #underWay = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** `committed` is called after each commit that changed something, before its writes resolve. */
  constructor(store: Store, reader: EngineReader, lockTimeout: number, committed: () => void) {
    this.#store = store
    this.#reader = reader
    this.#lockTimeout = lockTimeout
    this.#committed = committed
    this.#writerFile = new WriterFile(store.path)
  }

  write<T>(body: (transaction: EngineTransaction) => T): Promise<T> {
    if (this.#store.readOnly !== undefined) {
      throw newServiceUnavailable(
        `the store at ${this.#store.path} cannot be written: ${this.#store.readOnly}`,
      )
    }
    return new Promise<T>((resolve, reject) => {
      const deadline = Date.now() + this.#lockTimeout
      this.#waiting.push({ body, resolve, reject, deadline, failed: false, outcome: undefined })
      this.#timer ??= this.#expireAt(deadline)
      if (!this.#requested) this.#request()
    })
  }

  /** Waits for the writes under way. False if a transaction still waits for the lock of another process. */
  async close(): Promise<boolean> {
    while (this.#waiting.length > 0 || this.#underWay.size > (this.#requested ? 1 : 0)) {
      // Writes that wait are rejected in time, whatever their transaction does.
      await Promise.race([...this.#underWay, new Promise((resolve) => setTimeout(resolve, 20))])
    }
    this.#closed = true
    clearTimeout(this.#timer)
    this.#writerFile.close()
    return this.#underWay.size === 0
  }

  #request(): void {
    this.#requested = true
    const commit = this.#commit()
    this.#underWay.add(commit)
    void commit.finally(() => this.#underWay.delete(commit))
  }

  async #commit(): Promise<void> {
    const { database, path, sharedCommit } = this.#store
    let writes: Write[] = []
    let changed = false
    let transaction: number | undefined
    const body = (requireSpace: (changes: TransactionBuffer) => void) => {
      transaction = sharedCommit.beforeWrite()
      if (transaction === undefined) return
      writes = this.#begin()
      changed = this.#run(writes, requireSpace)
    }
    try {
      const free = freeSpace(path)
      if (free < littleSpace) {
        // Those that write in the same turn of the event loop still share the commit.
        await undefined
        database.transactionSync(() => body((changes) => reserveSpace(this.#store, changes)))
      } else {
        await database.childTransaction(() => {
          // lmdb itself leaves this promise to nobody; a failed commit would end the process.
          database.committed.then(undefined, () => {})
          body((changes) => requireSpaceFor(changes, free))
        })
      }
    } catch (error) {
      const failure = await describeCommitFailure(error, path)
      // Without writes, the transaction did not even begin.
      for (const write of writes.length > 0 ? writes : this.#begin()) {
        write.reject(write.failed ? write.outcome : failure)
      }
      return
    }
    if (transaction === undefined) return await this.#commit()
    if (changed) {
      sharedCommit.committed(transaction)
      this.#committed()
    }
    for (const write of writes) {
      if (write.failed) write.reject(write.outcome)
      else write.resolve(write.outcome as never)
    }
  }

  /** Takes the writes that a transaction which has the lock now is to run. */
  #begin(): Write[] {
    this.#requested = false
    clearTimeout(this.#timer)
    this.#timer = undefined
    const writes = this.#waiting
    this.#waiting = []
    return writes
  }

  /** Runs the bodies, then puts what they wrote. Throwing takes all of it back. */
  #run(writes: readonly Write[], requireSpace: (changes: TransactionBuffer) => void): boolean {
    if (writes.length === 0 || this.#closed) return false
    this.#writerFile.write()
    const { database } = this.#store
    const buffer = new TransactionBuffer(this.#reader)
    for (const write of writes) {
      try {
        write.outcome = buffer.run(write.body)
      } catch (error) {
        write.failed = true
        write.outcome = error
      }
    }
    if (buffer.size > 0) requireSpace(buffer)
    for (const { key, value } of buffer.changes()) {
      if (value === undefined) database.remove(key)
      else database.put(key, value)
    }
    return buffer.size > 0
  }

  #expireAt(deadline: number): NodeJS.Timeout {
    return setTimeout(() => this.#expire(), Math.max(deadline - Date.now(), 0) + 1)
  }

  /** Gives up on writes that waited too long; their bodies are gone and never run. */
  #expire(): void {
    const now = Date.now()
    const expired = this.#waiting.filter(({ deadline }) => deadline <= now)
    this.#waiting = this.#waiting.filter(({ deadline }) => deadline > now)
    this.#timer = this.#waiting.length > 0 ? this.#expireAt(this.#waiting[0]!.deadline) : undefined
    if (expired.length === 0) return
    const holder = readWriter(this.#store.path)
    const who = holder === undefined ? 'another process' : `process ${holder}`
    const error = newTimeoutError(
      `the store at ${this.#store.path} is locked by ${who}, which did not release it within ${this.#lockTimeout / 1000} seconds`,
      1,
    )
    for (const { reject } of expired) reject(error)
  }
}
