import type { RootDatabase } from 'lmdb'
import { LockFile } from './lock-file.ts'

/** What lmdb leaves out of its types. */
interface Internals {
  env: {
    getWriteTxnId(): number
    /** The number of the newest commit in the database. */
    info(): { lastTxnId: number }
  }
}

/** Thrown out of a write transaction that began without the newest commit; the next one has it. */
export class StaleTransaction extends Error {
  override readonly name = 'StaleTransaction'
}

/**
 * The number of the newest commit, which LMDB has in its lock file for all processes: each transaction begins with that commit.
 *
 * A process that opens an environment sets it to what it found in the database a moment before, without a lock (`mdb_env_open2` in
 * lmdb's `mdb.c`; LMDB itself does so no more since ITS#9496). If another process commits in this moment, transactions begin without
 * that commit: reads miss it, and the next write would overwrite it, which loses it and damages the database for all who read it. The
 * database itself always has the right number, so that whoever finds the shared one behind can mend it.
 */
export class SharedCommit {
  readonly #lockFile: LockFile
  readonly #internals: Internals
  /** The newest commit that this process has made or seen. 0 if it has made none: then no read can be behind its own writes. */
  #seen = 0

  constructor(databaseFile: string, database: RootDatabase<Uint8Array, Uint8Array>) {
    this.#lockFile = new LockFile(databaseFile)
    this.#internals = database as unknown as Internals
  }

  /** To be called before a snapshot is begun. */
  beforeRead(): void {
    if (this.#seen === 0) return
    const shared = this.#lockFile.readCommit()
    if (shared < this.#seen) this.#seen = this.#share()
    else this.#seen = shared
  }

  /** To be called in a write transaction before anything else, and returns its number. Throws {@link StaleTransaction}. */
  beforeWrite(): number {
    const transaction = this.#internals.env.getWriteTxnId()
    if (transaction === this.#newest() + 1) return transaction
    this.#share()
    throw new StaleTransaction()
  }

  /** A transaction of this process is done. */
  committed(transaction: number): void {
    this.#seen = transaction
  }

  close(): void {
    this.#lockFile.close()
  }

  #newest(): number {
    return this.#internals.env.info().lastTxnId
  }

  #share(): number {
    const newest = this.#newest()
    this.#lockFile.writeCommit(newest)
    return newest
  }
}
