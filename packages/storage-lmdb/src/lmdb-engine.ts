import { statSync } from 'node:fs'
import { newServiceUnavailable } from '@k1s/apimachinery'
import type { Engine, EngineEntry, EngineReader, EngineTransaction, RangeOptions } from '@k1s/storage'
import { ChangeSignal } from './change-signal.ts'
import { type Codec, copyOf, openDatabase, type Store } from './open-database.ts'
import { checkOpenStores, rememberOpenStore } from './open-stores.ts'
import { WriteQueue } from './write-queue.ts'

export interface LmdbEngineOptions {
  /** A directory; made with mode 0700 if it is not there. */
  path: string
  durability?: 'full' | 'relaxed'
  /** How long a write waits for another process, in milliseconds. Default 10,000. */
  lockTimeout?: number
}

/** The durable Engine, on LMDB (https://www.lmdb.tech/doc/). */
export class LmdbEngine implements Engine {
  readonly name = 'lmdb'
  readonly location: string
  readonly #store: Store
  /** The number of the open file. */
  readonly #inode: number
  readonly #signal: ChangeSignal
  readonly #queue: WriteQueue
  readonly #reader: EngineReader
  readonly #forget: () => void
  #closing: Promise<void> | undefined

  /** ServiceUnavailable if the store cannot be opened, with what to do about it. */
  constructor({ path, durability = 'full', lockTimeout = 10_000 }: LmdbEngineOptions) {
    this.location = path
    checkOpenStores(path)
    this.#store = openDatabase(path, durability)
    this.#forget = rememberOpenStore(path)
    this.#inode = statSync(`${path}/data.mdb`).ino
    const { database } = this.#store
    this.#reader = {
      get: (key) => {
        const bytes = database.getBinaryFast(key)
        return bytes === undefined ? undefined : copyOf(bytes)
      },
      range: (options) => rangeOf(this.#store, options),
    }
    this.#signal = new ChangeSignal(path)
    this.#queue = new WriteQueue(this.#store, this.#reader, lockTimeout, () => this.#signal.send())
  }

  read<T>(body: (reader: EngineReader) => T): T {
    this.#checkOpen()
    this.#store.sharedCommit.beforeRead()
    // Otherwise reads within a millisecond would share a snapshot, and miss what others wrote meanwhile.
    this.#store.database.resetReadTxn()
    return body(this.#reader)
  }

  async write<T>(body: (transaction: EngineTransaction) => T): Promise<T> {
    this.#checkOpen()
    return await this.#queue.write(body)
  }

  onCommit(listener: () => void): () => void {
    this.#checkOpen()
    return this.#signal.listen(listener)
  }

  checkLocation(): void {
    const found = statSync(`${this.location}/data.mdb`, { throwIfNoEntry: false })
    if (found?.ino === this.#inode) return
    const what = found === undefined ? 'was removed' : 'was replaced by another one'
    throw newServiceUnavailable(`the store at ${this.location} ${what} while it was open`)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#signal.close()
    if (await this.#queue.close()) {
      await this.#store.workers.whenEnded()
      await this.#store.database.close()
      this.#store.sharedCommit.close()
      this.#forget()
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw newServiceUnavailable(`the store at ${this.location} is closed`)
  }
}

function rangeOf({ database, codec }: Store, options: RangeOptions): Iterable<EngineEntry> {
  const { gte, lt, limit, reverse, volatile } = options
  const bounds = reverse
    ? { start: lt, exclusiveStart: true, end: gte, inclusiveEnd: true, reverse }
    : { start: gte, end: lt }
  const range = database.getRange({ ...bounds, limit })
  return volatile ? volatileEntries(range, codec) : range
}

function volatileEntries(range: Iterable<EngineEntry>, codec: Codec): Iterable<EngineEntry> {
  return {
    [Symbol.iterator]() {
      const entries = range[Symbol.iterator]()
      return {
        next() {
          codec.isVolatile = true
          try {
            return entries.next()
          } finally {
            codec.isVolatile = false
          }
        },
        return() {
          return entries.return?.() ?? { done: true, value: undefined }
        },
      }
    },
  }
}
