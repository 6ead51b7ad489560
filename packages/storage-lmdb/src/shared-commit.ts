import type { RootDatabase } from 'lmdb'
import type { LockFile } from './lock-file.ts'

/** What lmdb leaves out of its types. */
interface Environment {
  /** The number of the newest commit in the database. */
  info(): { lastTxnId: number }
}

interface Internals {
  env: Environment & {
    /** 0 if LMDB could not begin it. */
    getWriteTxnId(): number
  }
}

/**
 * The number of the newest commit, which LMDB has in its lock file for all processes: each transaction begins with that commit.
 *
 * A process that opens an environment sets it to what it found in the database a moment before, without a lock (`mdb_env_open2` in
 * lmdb's `mdb.c`; LMDB itself does so no more since ITS#9496). If another process commits in this moment, transactions begin without
 * that commit: reads miss it, and the next write would overwrite it, which loses it and damages the database for all who read it. The
 * database itself always has the right number, so that whoever finds the shared one behind can mend it.
 *
 * A reader that begins far behind also makes the writers' oldest reader an older one than before, which lmdb's list of free pages does
 * not bear when it is kept between transactions (`maxFreeSpaceToRetain`): it then uses pages twice.
 */
export class SharedCommit {
  readonly #lockFile: LockFile
  /** Without it, LMDB looks into the database for the newest commit, and cannot write. */
  readonly #hasLockFile: boolean
  readonly #internals: Internals
  /** The newest commit that this process has made or seen. */
  #seen = 0

  constructor(lockFile: LockFile, database: RootDatabase<Uint8Array, Uint8Array>) {
    this.#lockFile = lockFile
    this.#hasLockFile = lockFile.isOpen
    this.#internals = database as unknown as Internals
  }

  /** To be called before a snapshot is begun. */
  beforeRead(): void {
    if (!this.#hasLockFile) return
    const { env } = this.#internals
    const shared = this.#lockFile.readCommit()
    // Most reads find nothing new.
    if (shared === this.#seen) return
    // One that is behind by one alone may be that of a commit which is being flushed, and is not to be seen before.
    const isBehind = shared < this.#seen || shared < env.info().lastTxnId - 1
    this.#seen = isBehind ? shareNewest(this.#lockFile, env) : shared
  }

  /**
   * To be called in a write transaction before anything else, and returns its number; undefined if it began without the newest commit.
   * Then it is to be left empty, not aborted, which would keep what lmdb knows of free pages; the next one has the commit.
   */
  beforeWrite(): number | undefined {
    const { env } = this.#internals
    const transaction = env.getWriteTxnId()
    if (transaction === 0) throw new Error('LMDB began no transaction')
    if (transaction === env.info().lastTxnId + 1) return transaction
    shareNewest(this.#lockFile, env)
    return undefined
  }

  /** A transaction of this process is done. */
  committed(transaction: number): void {
    this.#seen = Math.max(this.#seen, transaction)
  }

  close(): void {
    this.#lockFile.close()
  }
}

/** Returns the number of the newest commit. Looks again after it shared it, since others may have committed before it did. */
export function shareNewest(lockFile: LockFile, environment: Environment): number {
  for (;;) {
    const shared = lockFile.readCommit()
    const newest = environment.info().lastTxnId
    if (shared === newest) return newest
    lockFile.writeCommit(newest)
  }
}
