import { newBadRequest } from '@k1s/apimachinery'
import { MvccStore, type StorageConfig, type StorageInterface } from '@k1s/storage'
import { defaultPath } from './default-path.ts'
import { LmdbEngine } from './lmdb-engine.ts'

export { LmdbEngine, type LmdbEngineOptions } from './lmdb-engine.ts'

/** For `openStorage` of @k1s/storage: the store in the directory `config.path`, by default that of {@link defaultPath}. */
export async function openBackend(config: StorageConfig): Promise<StorageInterface> {
  const { path = defaultPath(), durability, lockTimeout, retention, clock } = config
  if (path === '') throw newBadRequest('the path of the store must not be empty')
  return new MvccStore(new LmdbEngine({ path, durability, lockTimeout }), { retention, clock })
}
