import {
  type BigIntStats,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { newServiceUnavailable } from '@k1s/apimachinery'

/** `MDB_txbody` of lmdb's `mdb.c` begins with `mtb_magic`, `mtb_format` (32 bits each), `mtb_txnid` (64). */
const magic = 0xbeefc0de
const commitAt = 8
const commitSize = 8

/** LMDB opens no more files than this for a database. */
const openedAtOnce = 8

/** What LMDB has beside a database that this process has open: locks, and the number of the commit that transactions begin with. */
export class LockFile {
  readonly #database: string
  readonly #path: string
  readonly #bytes = Buffer.alloc(commitSize)
  #descriptor: number | undefined
  #isKnown = false

  /** `database` is the path of the database file. */
  constructor(database: string) {
    this.#database = database
    this.#path = `${database}-lock`
  }

  get isOpen(): boolean {
    this.#descriptor ??=
      process.platform === 'win32' ? openSync(this.#path, 'r+') : openedByLmdb(this.#database, this.#path)
    return this.#descriptor !== undefined
  }

  /** ServiceUnavailable if it is no lock file that is known here, or is not the one that was opened. */
  readCommit(): number {
    readSync(this.#find(), this.#bytes, 0, commitSize, commitAt)
    return Number(this.#bytes.readBigUInt64LE())
  }

  writeCommit(commit: number): void {
    this.#bytes.writeBigUInt64LE(BigInt(commit))
    writeSync(this.#find(), this.#bytes, 0, commitSize, commitAt)
  }

  close(): void {
    if (process.platform === 'win32' && this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
    this.#isKnown = false
  }

  #find(): number {
    if (this.#isKnown) return this.#descriptor!
    if (!this.isOpen) throw newServiceUnavailable(`${this.#path} was removed or replaced while it was open`)
    const beginning = Buffer.alloc(4)
    readSync(this.#descriptor!, beginning, 0, 4, 0)
    if (beginning.readUInt32LE() !== magic) {
      throw newServiceUnavailable(`${this.#path} is not a lock file of LMDB as this version knows it`)
    }
    this.#isKnown = true
    return this.#descriptor!
  }
}

/**
 * Its own descriptor, if it has the file open: to close another one would release the locks that LMDB has on the file in this process
 * (`fcntl` of POSIX).
 */
function openedByLmdb(database: string, path: string): number | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (file === undefined) return undefined
  const isIt = (descriptor: number) => isSame(statusOf(descriptor), file)
  // A new descriptor is the first that is free. Those that LMDB has just got are below it.
  const free = openSync(database, 'r')
  closeSync(free)
  for (let descriptor = free - 1; descriptor >= Math.max(free - openedAtOnce, 0); descriptor--) {
    if (isIt(descriptor)) return descriptor
  }
  return readdirSync('/dev/fd').map(Number).find(isIt)
}

function isSame(one: BigIntStats | undefined, other: BigIntStats): boolean {
  return one?.ino === other.ino && one.dev === other.dev
}

/** Undefined if it is closed by now, as that of the listing is. */
function statusOf(descriptor: number): BigIntStats | undefined {
  try {
    return fstatSync(descriptor, { bigint: true })
  } catch {
    return undefined
  }
}
