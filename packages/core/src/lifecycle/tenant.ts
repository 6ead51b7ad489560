import { type StorageInterface, storagePrefix } from '@k1s/storage'

/** Tenants that have their namespaces, and those that are getting them. */
const started = new WeakMap<StorageInterface, Map<string, Promise<void> | undefined>>()

/** Gives a tenant its first namespaces, unless it has any. Undefined if that is known to be done. */
export function startTenant(storage: StorageInterface, tenant: string): Promise<void> | undefined {
  let tenants = started.get(storage)
  if (tenants === undefined) {
    tenants = new Map()
    started.set(storage, tenants)
  }
  if (tenants.has(tenant)) return tenants.get(tenant)
  const starting = createNamespaces(storage, tenant)
  tenants.set(tenant, starting)
  starting.then(
    () => tenants.set(tenant, undefined),
    () => tenants.delete(tenant),
  )
  return starting
}

/**
 * What the first client of a tenant does: a new store, and the tenant that nobody has to name, start with their
 * namespaces. Any other tenant gets them with the first object that is created in it, so that reading in a mistyped
 * one leaves nothing behind. BadRequest if it cannot be the name of a tenant.
 */
export async function openTenant(storage: StorageInterface, tenant: string): Promise<void> {
  storagePrefix({ tenant, resource: 'namespaces' })
  if (tenant === 'default' || (await storage.currentRevision()) === emptyRevision) {
    await startTenant(storage, tenant)
  }
}

/** That of a store in which nothing was ever written. */
const emptyRevision = 1

async function createNamespaces(storage: StorageInterface, tenant: string): Promise<void> {
  const { lastRevision } = await storage.stats(storagePrefix({ tenant, resource: 'namespaces' }))
  if (lastRevision !== 0) return
  const { createInitialNamespaces } = await import('./initial-namespaces.ts')
  await createInitialNamespaces(storage, tenant)
}
