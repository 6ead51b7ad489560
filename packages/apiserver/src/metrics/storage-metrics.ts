import type { Exposition } from '@k1s/core/metrics'
import { type StorageInterface, storagePrefix } from '@k1s/storage'

/** The store, and how many objects tenants have in it. */
export async function writeStorageMetrics(
  exposition: Exposition,
  storage: StorageInterface,
  resourcesOf: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const [current, compacted] = await Promise.all([storage.currentRevision(), storage.compactRevision()])
  exposition.single('k1s_storage_current_revision', 'gauge', 'The newest revision of the store.', current)
  exposition.single(
    'k1s_storage_compact_revision',
    'gauge',
    'The revision up to which history is forgotten.',
    compacted,
  )
  exposition.family('apiserver_resource_objects', 'gauge', 'Stored objects by tenant, group and resource.')
  for (const [tenant, resources] of resourcesOf) {
    for (const id of resources) {
      const { count } = await storage.stats(storagePrefix({ tenant, resource: id }))
      exposition.sample({ tenant, ...groupResourceOf(id) }, count)
    }
  }
}

/** `items.inventory.k1s.dev`; resources of the core group have no dot. */
function groupResourceOf(id: string): { group: string; resource: string } {
  const dot = id.indexOf('.')
  return dot < 0 ? { group: '', resource: id } : { group: id.slice(dot + 1), resource: id.slice(0, dot) }
}
