import { newServiceUnavailable, newTimeoutError } from '@k1s/apimachinery'
import { type EngineReader, type EngineTransaction, TransactionBuffer } from '@k1s/storage'
import { describeFailure } from './database-error.ts'
import type { Store } from './open-database.ts'
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
  #timer: NodeJS.Timeout | undefined
  #requested: Promise<void> | undefined
  readonly #underWay = new Set<Promise<void>>()
  #closed = false

  constructor(store: Store, reader: EngineReader, lockTimeout: number, committed: () => void) {
    this.#store = store
    this.#reader = reader
    this.#lockTimeout = lockTimeout
    this.#committed = committed
    this.#writerFile = new WriterFile(store.path)
  }

  write<T>(body: (transaction: EngineTransaction) => T): Promise<T> {
    if (this.#store.readOnly) {
      throw newServiceUnavailable(
        `the store at ${this.#store.path} cannot be written: ${this.#store.readOnly}`,
      )
    }
    return new Promise<T>((resolve, reject) => {
      const deadline = Date.now() + this.#lockTimeout
      this.#waiting.push({ body, resolve, reject, deadline, failed: false, outcome: undefined })
      this.#request()
    })
  }

  /** Waits for the writes under way. False if one still waits for the lock of another process. */
  async close(): Promise<boolean> {
    while (this.#waiting.length > 0 || this.#underWay.size > 0) {
      if (this.#waiting.length === 0 && this.#requested !== undefined && this.#underWay.size === 1) break
      await Promise.race(this.#underWay)
    }
    this.#closed = true
    clearTimeout(this.#timer)
    this.#writerFile.close()
    return this.#underWay.size === 0
  }

  #request(): void {
    this.#timer ??= this.#expireAt(this.#waiting[0]!.deadline)
    if (this.#requested !== undefined) return
    const commit = this.#commit()
    this.#requested = commit
    this.#underWay.add(commit)
    commit.finally(() => this.#underWay.delete(commit))
  }

  async #commit(): Promise<void> {
    let writes: Write[] = []
    let changed = false
    try {
      await this.#store.database.childTransaction(() => {
        this.#requested = undefined
        clearTimeout(this.#timer)
        this.#timer = undefined
        writes = this.#waiting
        this.#waiting = []
        changed = this.#run(writes)
      })
    } catch (error) {
      const failure = await describeFailure(error, this.#store.path)
      if (writes.length === 0) {
        // The transaction did not even begin.
        this.#requested = undefined
        writes = this.#waiting
        this.#waiting = []
      }
      for (const write of writes) write.reject(write.failed ? write.outcome : failure)
      return
    }
    if (changed) this.#committed()
    for (const write of writes) {
      if (write.failed) write.reject(write.outcome)
      else write.resolve(write.outcome as never)
    }
  }

  /** Runs the bodies in the transaction that has just begun. */
  #run(writes: readonly Write[]): boolean {
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
