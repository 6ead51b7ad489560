import { type BigIntStats, statSync } from 'node:fs'
import { newServiceUnavailable } from '@k1s/apimachinery'

/** Which copy of this module has a file open, and how many times. */
interface OpenStore {
  readonly copy: symbol
  count: number
}

const registryKey = Symbol.for('k1s.dev/OpenLmdbStores')
const thisCopy = Symbol('copy')

/**
 * LMDB must not open a file twice in a process: the locks of one would be taken for those of the other. Within a copy of this
 * package lmdb sees to that, but a program may have loaded another one, as the command line has beside a project's own.
 * ServiceUnavailable if another copy in this thread has it open; those of other threads are not known here.
 */
export function checkOpenStores(path: string): void {
  const file = fileOf(path)
  const open = file === undefined ? undefined : openStores().get(nameOf(file))
  if (open === undefined || open.copy === thisCopy) return
  throw newServiceUnavailable(
    `the store at ${path} is open in this process already, by another copy of @k1s/storage-lmdb: use the client of the one that opened it`,
  )
}

/** Remembers that a store is open until the function that is returned is called. */
export function rememberOpenStore(path: string): () => void {
  const name = nameOf(statSync(`${path}/data.mdb`, { bigint: true }))
  const stores = openStores()
  const open = stores.get(name) ?? { copy: thisCopy, count: 0 }
  open.count++
  stores.set(name, open)
  return () => {
    if (--open.count === 0) stores.delete(name)
  }
}

/** Undefined if it cannot be looked at: to open it fails then too, and says why. */
function fileOf(path: string): BigIntStats | undefined {
  try {
    return statSync(`${path}/data.mdb`, { bigint: true })
  } catch {
    return undefined
  }
}

/** By device and inode. All copies in a thread have the same map. */
function openStores(): Map<string, OpenStore> {
  const holder = globalThis as { [registryKey]?: Map<string, OpenStore> }
  holder[registryKey] ??= new Map()
  return holder[registryKey]
}

function nameOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}
