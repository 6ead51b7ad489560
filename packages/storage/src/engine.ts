/** An ordered store of byte keys. `MvccStore` turns one into a storage Interface. */
export interface Engine extends AsyncDisposable {
  /** How the engine is named in configuration and messages: `memory`, `lmdb`. */
  readonly name: string

  /**
   * Runs `body` on one consistent snapshot and returns its result. Synchronous: nothing may be awaited inside,
   * and the reader and its byte arrays are invalid afterwards. Sees every write whose promise has resolved, in
   * this process or another. Never waits for a writer.
   */
  read<T>(body: (reader: EngineReader) => T): T

  /** A snapshot that stays readable until disposed, for scans that are paged over event loop turns. */
  snapshot(): EngineSnapshot

  /**
   * Runs `body` exclusively across all processes and commits what it wrote, atomically. The promise resolves
   * with the body's result once the commit is durable, and rejects, with nothing written, if the body throws or
   * the commit fails. Concurrent writes of a process share commits, each body seeing the ones before it.
   */
  write<T>(body: (transaction: EngineTransaction) => T): Promise<T>

  /**
   * Calls `listener` after commits of any process, at least once after the last of a burst; it says that
   * something may have changed, not what. Returns the function that ends it.
   */
  onCommit(listener: () => void): () => void

  /** Waits for writes under way, then frees everything. Later calls throw. */
  close(): Promise<void>
}

export interface EngineReader {
  get(key: Uint8Array): Uint8Array | undefined
  /** Entries with `gte <= key < lt` in byte order (descending with `reverse`), at most `limit`. */
  range(options: RangeOptions): Iterable<EngineEntry>
}

export interface RangeOptions {
  gte: Uint8Array
  lt: Uint8Array
  limit?: number
  reverse?: boolean
}

export interface EngineEntry {
  key: Uint8Array
  value: Uint8Array
}

export interface EngineSnapshot extends EngineReader, Disposable {}

/** Reads see the writes made before them in the same transaction. */
export interface EngineTransaction extends EngineReader {
  put(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
}
