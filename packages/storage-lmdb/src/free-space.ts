import { statfsSync } from 'node:fs'

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

/** The least that has to be free for an asynchronous commit of that many bytes. */
export function spaceFor(bytes: number): number {
  return bytes * 3 + (littleSpace >> 2)
}
