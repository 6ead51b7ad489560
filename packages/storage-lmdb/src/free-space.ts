import { statfsSync } from 'node:fs'
import type { TransactionBuffer } from '@k1s/storage'

/** How many bytes the disk of a directory has left for this user. */
export function freeSpace(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

/**
 * Below this many bytes, transactions are run synchronously: lmdb reports the failure of an asynchronous commit
 * on stderr and cannot be relied upon after it.
 */
export const littleSpace = 64 * 1024 * 1024

/** Throws an error with the code ENOSPC if an asynchronous commit of these changes could be too much for a disk with `free` bytes. */
export function requireSpaceFor(changes: TransactionBuffer, free: number): void {
  let bytes = 0
  for (const { value } of changes.changes()) bytes += value?.length ?? 0
  if (bytes * 3 + (littleSpace >> 2) > free) throw newNoSpace()
}

export function newNoSpace(): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
}
