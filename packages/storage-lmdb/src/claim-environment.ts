import * as lmdb from 'lmdb'
import { codeOf } from './database-error.ts'
import type { LockFile } from './lock-file.ts'
import { shareNewest } from './shared-commit.ts'

/** What lmdb makes its databases of, and leaves out of its types. */
interface Env {
  /** `keyBytes` is a buffer for keys; `ownFlags` are those of lmdb itself. Throws the error of LMDB. */
  open(options: { path: string; keyBytes: Uint8Array }, flags: number, ownFlags: number): void
  close(): void
  /** The number of the newest commit in the database. */
  info(): { lastTxnId: number }
}

/** Begins when it is made. For reading it takes the lock of the table of readers. */
interface Txn {
  abort(): void
}

const { Env, Txn } = (
  lmdb as unknown as {
    nativeAddon: { Env: new () => Env; Txn: new (env: Env, flags: number) => Txn }
  }
).nativeAddon

/** Of `lmdb.h`. */
const noSubdirectory = 0x4000
const readOnlyFlag = 0x20000
const noMetaSync = 0x40000

/** The longest key that lmdb knows; keys go through the buffers of its own. */
const maxKeyBytes = 4026

/** How long it is tried, and what it waits at most before the next time, milliseconds. */
const patience = 5000
const longestPause = 10

export interface EnvironmentOptions {
  readonly readOnly: boolean
  readonly noMetaSync: boolean
  readonly mapSize: number
  readonly maxFreeSpaceToRetain: number
  readonly maxDbs: number
  readonly permissionsMode: number
}

/**
 * Opens an environment so that lmdb finds it open, with locks that work, and returns what lets go of it.
 *
 * The last process that closes an environment destroys its locks (`mdb_env_close_active` of `mdb.c`). One that opens it at this
 * moment waits for the closing one, and then takes the locks for those of a process that has it open: all that use them get
 * EINVAL, as long as any of them keeps it open, which lmdb does after an open that failed. So whoever finds them destroyed closes it
 * and tries again, until one of them is alone and makes new ones. Locks that work are not destroyed while anybody has it open.
 */
export function claimEnvironment(path: string, lockFile: LockFile, options: EnvironmentOptions): () => void {
  const endsAt = performance.now() + patience
  for (;;) {
    const env = openEnv(path, options)
    try {
      // Before any transaction begins: opening may have shared an older commit. Where LMDB may not write the lock file it does without it.
      if (lockFile.isOpen) shareNewest(lockFile, env)
      new Txn(env, readOnlyFlag).abort()
      return () => env.close()
    } catch (error) {
      lockFile.close()
      env.close()
      if (codeOf(error) !== 'EINVAL' || performance.now() > endsAt) throw error
    }
    // Not all at the same time, or none would ever be alone.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1 + Math.random() * longestPause)
  }
}

/** Opens an environment that nobody else knows of, which makes its database, and closes it. */
export function makeEnvironment(path: string, options: EnvironmentOptions): void {
  openEnv(path, options).close()
}

function openEnv(path: string, options: EnvironmentOptions): Env {
  const flags = noSubdirectory | (options.readOnly ? readOnlyFlag : 0) | (options.noMetaSync ? noMetaSync : 0)
  const env = new Env()
  env.open({ ...options, path, keyBytes: new Uint8Array(maxKeyBytes) }, flags, 0)
  return env
}
