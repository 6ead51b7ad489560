import { closeSync, openSync, readSync } from 'node:fs'
import { newServiceUnavailable } from '@k1s/apimachinery'
import { codeOf } from './database-error.ts'

/** In the first meta page: a page header of 24 bytes, then MDB_meta (mdb.c of liblmdb). */
const magicAt = 24
const magic = 0xbeefc0de
const versionAt = 28
const version = 2
/** Two meta pages. */
const smallest = 8192

/**
 * True if the file holds an LMDB database, false if it is missing or empty. ServiceUnavailable if it is something
 * else, which LMDB must not be given: lmdb crashes on it.
 */
export function hasDatabase(file: string): boolean {
  const header = readHeader(file)
  if (header.length === 0) return false
  if (header.length === smallest && header.readUInt32LE(magicAt) === magic) {
    const found = header.readUInt32LE(versionAt)
    if (found === version) return true
    throw newServiceUnavailable(
      `${file} is in version ${found} of LMDB's format; this k1s reads version ${version}`,
    )
  }
  throw newServiceUnavailable(
    `${file} is damaged or not a store of k1s: move it away, or restore its directory from a backup`,
  )
}

function readHeader(file: string): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const header = Buffer.allocUnsafe(smallest)
    return header.subarray(0, readSync(descriptor, header, 0, smallest, 0))
  } finally {
    closeSync(descriptor)
  }
}
