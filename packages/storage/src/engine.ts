/** An ordered store of byte keys. `MvccStore` turns one into a storage Interface. */
export interface Engine extends AsyncDisposable {
  /** How the engine is named in configuration and messages: `memory`, `lmdb`. */
  readonly name: string

  /** Where the data is, for messages: a path. Undefined if it is in memory only. */
  readonly location?: string

  /**
   * Runs `body` on one consistent snapshot and returns its result. Synchronous: nothing may be awaited inside,
   * and the reader and what it returned are invalid afterwards. Sees every write whose promise has resolved, in
   * this process or another. Never waits for a writer.
   */
  read<T>(body: (reader: EngineReader) => T): T

  /**
   * Runs `body` exclusively across all processes and commits what it wrote, atomically. The promise resolves
   * with the body's result once the commit is durable, and rejects, with nothing written, if the body throws or
   * the commit fails. Concurrent writes of a process share commits, each body seeing the ones before it.
   */
  write<T>(body: (transaction: EngineTransaction) => T): Promise<T>

  /**
   * Calls `listener` after commits of any process, at least once after the last of a burst; it says that
   * something may have changed, not what. Returns the function that ends it. A listener does not keep the
   * process alive.
   */
  onCommit(listener: () => void): () => void

  /** ServiceUnavailable if what is open is not what is at `location` any more: somebody removed or replaced it. */
  checkLocation?(): void

  /** Waits for writes under way, then frees everything. Later calls throw. Closing twice is allowed. */
  close(): Promise<void>
}

export interface EngineReader {
  /** The value of a key. Neither it nor anything given to `put` is ever changed. */
  get(key: Uint8Array): Uint8Array | undefined
  /** Entries with `gte <= key < lt` in byte order (descending with `reverse`), at most `limit`. */
  range(options: RangeOptions): Iterable<EngineEntry>
}

export interface RangeOptions {
  gte: Uint8Array
  lt: Uint8Array
  limit?: number
  reverse?: boolean
  /** Each entry is read before the next is asked for: its bytes may change then, and need not be copied. */
  volatile?: boolean
}

export interface EngineEntry {
  key: Uint8Array
  value: Uint8Array
}

/**
 * Reads see the writes made before them in the same transaction; a range is what it was when asked for, so that
 * its entries may be deleted while it is walked.
 */
export interface EngineTransaction extends EngineReader {
  put(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
}
