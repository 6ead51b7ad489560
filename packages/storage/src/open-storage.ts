import { newBadRequest } from '@k1s/apimachinery'
import type { StorageInterface } from './interface.ts'

/** Which store to open, as in a configuration file. */
export interface StorageConfig {
  /** `lmdb` (default), `memory`, `level`, `etcd`, or the name of an engine that one of them stands in for. */
  type?: string
  /** The directory of an embedded store. */
  path?: string
  /** `relaxed` acknowledges writes before they are flushed to disk: the last ones may be lost in a power cut. */
  durability?: 'full' | 'relaxed'
  /** How long a write waits for another process, in milliseconds. Default 10,000. */
  lockTimeout?: number
  /** How much history is kept. */
  retention?: { age?: number; revisions?: number }
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
 * Opens the store that a configuration names. A backend without a loader is looked for among the installed
 * packages. BadRequest if there is no such backend or its package is not installed.
 */
export async function openStorage(
  config: StorageConfig,
  backends: StorageBackends = {},
): Promise<StorageInterface> {
  const { type = 'lmdb' } = config
  const name = Object.hasOwn(backendOf, type) ? backendOf[type] : undefined
  if (name === undefined) {
    throw newBadRequest(
      `unknown storage type ${JSON.stringify(type)}: must be one of ${Object.keys(backendOf).join(', ')}`,
    )
  }
  if (name === 'memory') {
    const [{ MemoryEngine }, { MvccStore }] = await Promise.all([
      import('./memory/memory-engine.ts'),
      import('./mvcc/mvcc-store.ts'),
    ])
    return new MvccStore(new MemoryEngine(), { retention: config.retention })
  }
  const backend = await (backends[name] ?? (() => importBackend(type, name)))()
  return backend.openBackend(config)
}

async function importBackend(type: string, name: BackendName): Promise<StorageBackend> {
  const specifier = `@k1s/storage-${name}`
  try {
    return await import(specifier)
  } catch (error) {
    if (!isMissing(error, specifier)) throw error
    const missing = newBadRequest(
      `storage type ${JSON.stringify(type)} needs the package ${specifier}, which is not installed: run npm install ${specifier}`,
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
