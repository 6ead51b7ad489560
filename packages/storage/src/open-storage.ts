import { type Clock, newBadRequest } from '@k1s/apimachinery'
import type { StorageInterface } from './interface.ts'

/** Which store to open, as in a configuration file. */
export interface StorageConfig {
  /**
   * `lmdb` (default, also named `bolt`) or `memory`. `level` (`pebble`, `badger`) and `etcd` are not part of this
   * version, and take a loader in {@link StorageBackends}.
   */
  type?: string
  /** The directory of an embedded store. Default: `$K1S_DATA_DIR`, else `${XDG_DATA_HOME:-~/.local/share}/k1s`. */
  path?: string
  /** `relaxed` acknowledges writes before they are flushed to disk: the last ones may be lost in a power cut. */
  durability?: 'full' | 'relaxed'
  /** How long a write waits for another process, in milliseconds. Default 10,000. */
  lockTimeout?: number
  /** How much history is kept. */
  retention?: { age?: number; revisions?: number }
  /** What objects expire and history grows old by. Default: that of the machine. */
  clock?: Clock | undefined
  /** The endpoints of an etcd cluster. */
  endpoints?: readonly string[]
}

/** What a backend package exports. */
export interface StorageBackend {
  openBackend(config: StorageConfig): Promise<StorageInterface>
}

/**
 * Loaders of backend packages by name. Written by the application as `{ lmdb: () => import('@k1s/storage-lmdb') }`,
 * for a bundler to see.
 */
export type StorageBackends = { readonly [name in BackendName]?: () => Promise<StorageBackend> }

type BackendName = 'lmdb' | 'level' | 'etcd'

const backendOf: { readonly [type: string]: BackendName | 'memory' } = {
  memory: 'memory',
  lmdb: 'lmdb',
  bolt: 'lmdb',
  level: 'level',
  pebble: 'level',
  badger: 'level',
  etcd: 'etcd',
}

/**
 * Opens the store that a configuration names. BadRequest if the type is unknown, or is no part of this version and
 * has no loader in `backends`.
 */
export async function openStorage(
  config: StorageConfig,
  backends: StorageBackends = {},
): Promise<StorageInterface> {
  const { type = 'lmdb' } = config
  const name = Object.hasOwn(backendOf, type) ? backendOf[type] : undefined
  if (name === undefined) {
    throw newBadRequest(
      `unknown storage type ${JSON.stringify(type)}: must be one of ${availableTypes(backends).join(', ')}`,
    )
  }
  if (name === 'memory') {
    const [{ MemoryEngine }, { MvccStore }] = await Promise.all([
      import('./memory/memory-engine.ts'),
      import('./mvcc/mvcc-store.ts'),
    ])
    return new MvccStore(new MemoryEngine(), {
      retention: config.retention,
      clock: config.clock,
    })
  }
  const load = backends[name] ?? (name === 'lmdb' ? importLmdb : undefined)
  if (load === undefined) {
    throw newBadRequest(
      `storage type ${JSON.stringify(type)} is not part of this version of k1s: must be one of ${availableTypes(backends).join(', ')}`,
    )
  }
  const backend = await load()
  return backend.openBackend(config)
}

function availableTypes(backends: StorageBackends): string[] {
  return Object.entries(backendOf)
    .filter(([, name]) => name === 'memory' || name === 'lmdb' || backends[name] !== undefined)
    .map(([type]) => type)
}

async function importLmdb(): Promise<StorageBackend> {
  // A literal would need the types of a package that depends on this one.
  const specifier: string = '@k1s/storage-lmdb'
  try {
    return await import(specifier)
  } catch (error) {
    if (!isMissing(error, specifier)) throw error
    const missing = newBadRequest(
      `storage type "lmdb" needs the package ${specifier}, which is not installed`,
    )
    missing.cause = error
    throw missing
  }
}

function isMissing(error: unknown, specifier: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  const notFound = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'
  return notFound && error.message.includes(specifier)
}
