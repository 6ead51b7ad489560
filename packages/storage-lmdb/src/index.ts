import { MvccStore, type StorageConfig, type StorageInterface } from '@k1s/storage'
import { LmdbEngine } from './lmdb-engine.ts'

export { LmdbEngine, type LmdbEngineOptions } from './lmdb-engine.ts'

/** For `openStorage` of @k1s/storage: the store in the directory `config.path`. */
export async function openBackend(config: StorageConfig): Promise<StorageInterface> {
  const { path = 'data', durability, lockTimeout, retention } = config
  return new MvccStore(new LmdbEngine({ path, durability, lockTimeout }), { retention })
}
