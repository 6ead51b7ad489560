import { existsSync, mkdirSync } from 'node:fs'
import { allocate } from '@k1s/storage'
import { openAsClass, type RootDatabase } from 'lmdb'
import { describeOpenFailure } from './database-error.ts'

export interface Store {
  readonly path: string
  readonly database: RootDatabase<Uint8Array, Uint8Array>
  /** Why it can only be read; undefined if it can be written. */
  readonly readOnly: string | undefined
}

/** Opens the LMDB environment in a directory, and makes it if it is not there. */
export function openDatabase(path: string, durability: 'full' | 'relaxed'): Store {
  const file = `${path}/data.mdb`
  try {
    if (!existsSync(file)) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    }
    return { path, database: openEnvironment(file, durability, false), readOnly: undefined }
  } catch (error) {
    throw describeOpenFailure(error, path)
  }
}

/** lmdb hands out its read buffer, whose content changes with the next read. */
export function copyOf(bytes: Uint8Array, size = bytes.length): Buffer {
  const copy = allocate(size)
  // Its `length` is that of the value, not of the array.
  copy.set(bytes.subarray(0, size))
  return copy
}

/** What lmdb's types leave out. */
interface Internals {
  transactionSync(callback: () => unknown, flags?: number): unknown
  ensureReadTxn(): void
  resetReadTxn(): void
  dbAddress?: number
}

function openEnvironment(
  file: string,
  durability: 'full' | 'relaxed',
  readOnly: boolean,
): RootDatabase<Uint8Array, Uint8Array> {
  const options = {
    noSubdir: true,
    readOnly,
    // Otherwise a commit would be acknowledged before it is flushed.
    overlappingSync: false,
    noMetaSync: durability === 'relaxed',
    // Values are bytes; lmdb's own way to copy them makes an ArrayBuffer for each.
    encoder: { encode: (value: Uint8Array) => value, decode: copyOf },
    keyEncoding: 'binary' as const,
    maxDbs: 0,
    permissionsMode: 0o600,
  }
  const Database = openAsClass({ ...options, path: file }) as unknown as new (
    name: null,
    options: object,
  ) => RootDatabase<Uint8Array, Uint8Array> & Internals
  /**
   * lmdb opens the main table in a write transaction, which would wait for whoever is writing. The main table of
   * LMDB always exists, so that a read transaction does as well.
   */
  class LockFreeDatabase extends (Database as new (name: null, options: object) => Internals) {
    override transactionSync(callback: () => unknown, flags?: number): unknown {
      if (this.dbAddress !== undefined) return super.transactionSync(callback, flags)
      this.resetReadTxn()
      this.ensureReadTxn()
      return callback()
    }
  }
  return new LockFreeDatabase(null, options) as unknown as RootDatabase<Uint8Array, Uint8Array>
}
