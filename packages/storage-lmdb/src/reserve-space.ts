import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import type { TransactionBuffer } from '@k1s/storage'
import { freeSpace, newNoSpace } from './free-space.ts'
import type { Store } from './open-database.ts'

/** What LMDB says of a database: the tree is as it is in this transaction, the last page that of the last commit. */
interface Statistics {
  readonly pageSize: number
  readonly treeDepth: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly lastPageNumber: number
}

/** Pages for the tree of pages that are free, without the numbers of those that the commit itself frees. */
const pagesOfFree = 16
/** Bytes. */
const pageHeader = 24
const nodeHeader = 16
const pageNumber = 8

/**
 * Gives the database file the room that a commit of these changes needs at most, so that it cannot fail for want of it: LMDB
 * damages the memory of the process when the disk refuses a write. To be called with the lock. Throws an error with the code ENOSPC
 * or EDQUOT. Room that was not needed is there for the next commit.
 */
export function reserveSpace(
  { path, database }: Store,
  changes: TransactionBuffer,
  freeOn: (path: string) => number = freeSpace,
): void {
  const statistics = database.getStats() as Statistics
  const { pageSize, lastPageNumber } = statistics
  const sizeOf = (key: Uint8Array) => database.getBinaryFast(key)?.length ?? 0
  const needed = pagesFor(changes, sizeOf, statistics) * pageSize
  const file = openSync(`${path}/data.mdb`, 'r+')
  try {
    const { size, blocks } = fstatSync(file)
    // Pages that LMDB skipped are in the file and not on the disk, and have to fit on it beside what is added here.
    const holes = Math.max(size - blocks * 512, 0)
    extend(file, size, (lastPageNumber + 1) * pageSize + needed)
    if (holes > 0 && freeOn(path) < holes) throw newNoSpace()
  } finally {
    closeSync(file)
  }
}

/**
 * Each change may copy the pages on the way to it, and split them; large values have pages of their own. `sizeOf` is that of the
 * value that a key has, in bytes.
 */
function pagesFor(
  changes: TransactionBuffer,
  sizeOf: (key: Uint8Array) => number,
  { pageSize, treeDepth, treeBranchPageCount, treeLeafPageCount }: Statistics,
): number {
  let large = 0
  let bytes = 0
  let freed = 0
  for (const { key, value } of changes.changes()) {
    const length = value?.length ?? 0
    bytes += key.length + nodeHeader
    // It may also be with others of its size in a page, which is no more.
    if (length > pageSize / 4) large += pagesOfValue(length, pageSize)
    else bytes += length
    freed += pagesOfValue(sizeOf(key), pageSize)
  }
  const { size } = changes
  const copied = Math.min(size * treeDepth, treeBranchPageCount + treeLeafPageCount)
  // A page may be full, and be split for the first entry; one that was split is at least a third full.
  const leaves = Math.min(size, treeLeafPageCount) + Math.ceil((3 * bytes) / pageSize)
  // Pages that are full above them are split, too; others have at least two below them.
  const branches = Math.min(size, treeBranchPageCount) + Math.ceil(leaves / 2)
  const free = pagesOfFree + Math.ceil(((copied + freed) * pageNumber) / pageSize)
  return large + copied + leaves + branches + treeDepth + 1 + free
}

function pagesOfValue(length: number, pageSize: number): number {
  return Math.ceil((length + pageHeader) / pageSize)
}

/** Writes zeros, since a disk gives room to what is written and not to a length. */
function extend(file: number, size: number, end: number): void {
  const zeros = Buffer.alloc(Math.min(Math.max(end - size, 0), 1 << 20))
  for (let position = size; position < end; ) {
    const written = writeSync(file, zeros, 0, Math.min(zeros.length, end - position), position)
    if (written === 0) throw newNoSpace()
    position += written
  }
}
