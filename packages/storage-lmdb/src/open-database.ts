import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { allocate } from '@k1s/storage'
import { openAsClass, type RootDatabase } from 'lmdb'
import { claimEnvironment, type EnvironmentOptions } from './claim-environment.ts'
import { createDatabase } from './create-database.ts'
import { codeOf, describeOpenFailure, newDiskFull } from './database-error.ts'
import { hasDatabase } from './database-header.ts'
import { freeSpace } from './free-space.ts'
import { LockFile } from './lock-file.ts'
import { SharedCommit } from './shared-commit.ts'
import { WriteWorkers } from './write-workers.ts'

type Database = RootDatabase<Uint8Array, Uint8Array>
export type Durability = 'full' | 'relaxed'

export interface Store {
  readonly path: string
  readonly database: Database
  readonly codec: Codec
  readonly sharedCommit: SharedCommit
  readonly workers: WriteWorkers
  /** Why it can only be read; undefined if it can be written. */
  readonly readOnly: string | undefined
}

/**
 * Opens the LMDB environment in a directory, and makes it if it is not there. One that this process may not write
 * is opened for reading. ServiceUnavailable if that fails too, with what to do.
 */
export function openDatabase(path: string, durability: Durability): Store {
  const file = `${path}/data.mdb`
  try {
    const exists = hasDatabase(file)
    const readOnly = exists ? reasonToRead(file) : undefined
    if (!exists) prepareDirectory(path)
    if (readOnly === undefined) requireSpace(path, exists)
    const codec: Codec = { isVolatile: false }
    const lockFile = new LockFile(file)
    const environment = environmentOptions(durability, readOnly !== undefined)
    if (!exists) createDatabase(file, environment)
    const database = openEnvironment(file, lockFile, environment, codec)
    return {
      path,
      database,
      codec,
      sharedCommit: new SharedCommit(lockFile, database),
      workers: new WriteWorkers(database),
      readOnly,
    }
  } catch (error) {
    throw describeOpenFailure(error, path)
  }
}

/**
 * LMDB maps its lock file before the disk has given it room, and a full disk then ends the process with SIGBUS; a new
 * database that finds no room is left half made.
 */
function requireSpace(path: string, exists: boolean): void {
  const lock = statSync(`${path}/data.mdb-lock`, { throwIfNoEntry: false })
  const hasRoom = lock !== undefined && lock.blocks * 512 >= lock.size
  if (exists && hasRoom) return
  if (freeSpace(path) < (exists ? lockFileBytes : newStoreBytes)) throw newDiskFull(path)
}

const lockFileBytes = 16 * 1024
const newStoreBytes = 256 * 1024

function prepareDirectory(path: string): void {
  makeDirectory(resolve(path))
  // Readers watch it, from the first on.
  closeSync(openSync(`${path}/signal`, constants.O_WRONLY | constants.O_CREAT, 0o600))
}

/** With its parents. Node's own way to make those never ends where there is no making of directories: `/proc`. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(path)
  if (parent !== path) makeDirectory(parent)
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error
  }
}

/** Why this process may not write the file, if it may not. */
function reasonToRead(file: string): string | undefined {
  try {
    accessSync(file, constants.W_OK)
    return undefined
  } catch (error) {
    return codeOf(error) === 'EROFS' ? 'its file system is read-only' : 'permission denied'
  }
}

/** How lmdb makes keys and values from its read buffers. */
export interface Codec {
  /** Entries of a range are views of the buffers, not copies. To be set around each step of an iteration. */
  isVolatile: boolean
}

/** lmdb hands out its read buffer, whose content changes with the next read. */
export function copyOf(bytes: Uint8Array, size = bytes.length): Buffer {
  const copy = allocate(size)
  // Its `length` is that of the value, not of the array.
  copy.set(bytes.subarray(0, size))
  return copy
}

/** With which lmdb begins by itself, bytes; it grows with the data. */
const initialMapSize = 0x20000

/** What lmdb's types leave out. */
interface Internals {
  transactionSync(callback: () => unknown, flags?: number): unknown
  ensureReadTxn(): void
  resetReadTxn(): void
  dbAddress?: number
}

function environmentOptions(durability: Durability, readOnly: boolean): EnvironmentOptions {
  return {
    readOnly,
    // Without the flush of the meta page, a power cut undoes the last commits and damages nothing.
    noMetaSync: durability === 'relaxed',
    mapSize: initialMapSize,
    // lmdb would keep the list of free pages from one transaction to the next, as LMDB itself does not. It then uses pages twice or divides
    // by zero when a reader begins two commits or more behind (SharedCommit): what it knows of the list ends at the oldest reader, which
    // must not become an older one. With 0 it keeps only that all of a list was used, which bears most of that.
    maxFreeSpaceToRetain: 0,
    maxDbs: 0,
    permissionsMode: 0o600,
  }
}

function openEnvironment(
  file: string,
  lockFile: LockFile,
  environment: EnvironmentOptions,
  codec: Codec,
): Database {
  const release = claimEnvironment(file, lockFile, environment)
  try {
    return openClaimed(file, environment, codec)
  } finally {
    release()
  }
}

function openClaimed(file: string, environment: EnvironmentOptions, codec: Codec): Database {
  const options = {
    ...environment,
    noSubdir: true,
    // Otherwise a commit would be acknowledged before it is flushed.
    overlappingSync: false,
    // Values are bytes; lmdb's own way to copy them makes an ArrayBuffer for each.
    encoder: {
      encode: (value: Uint8Array) => value,
      decode: (bytes: Uint8Array, size: number) =>
        codec.isVolatile ? bytes.subarray(0, size) : copyOf(bytes, size),
    },
    keyEncoder: {
      writeKey(key: Uint8Array, target: Uint8Array, start: number) {
        target.set(key, start)
        return start + key.length
      },
      readKey(bytes: Uint8Array, start: number, end: number) {
        const key = bytes.subarray(start, end)
        return codec.isVolatile ? key : copyOf(key)
      },
    },
  }
  const Base = openAsClass({ ...options, path: file }) as unknown as new (
    name: null,
    options: object,
  ) => Internals
  /**
   * lmdb opens the main table in a write transaction, which would wait for whoever is writing. The main table of
   * LMDB always exists, so that a read transaction does as well.
   */
  class LockFreeDatabase extends Base {
    override transactionSync(callback: () => unknown, flags?: number): unknown {
      if (this.dbAddress !== undefined) return super.transactionSync(callback, flags)
      this.resetReadTxn()
      this.ensureReadTxn()
      return callback()
    }
  }
  return new LockFreeDatabase(null, { ...options, isRoot: true }) as unknown as Database
}
