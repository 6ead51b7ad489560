import { randomUUID } from 'node:crypto'
import { isAlreadyExists, isConflict, isNotFound, type Unstructured } from '@k1s/apimachinery'
import { type StorageInterface, type StorageKey, storageKey, storagePrefix } from '@k1s/storage'
import { countCreation } from '../quota/charge-quotas.ts'
import type { StoreContext } from '../registry-store/resource-request.ts'
import { timestamp } from '../registry-store/time.ts'
import { forEachConcurrently } from './concurrent.ts'
import { type RemainingContent, withConditions } from './namespace-conditions.ts'
import { find, removeFinalized, removeObject } from './removal.ts'

export function namespaceKey(tenant: string, name: string): StorageKey {
  return storageKey({ tenant, resource: 'namespaces', name })
}

/** Every namespace has a ServiceAccount `default`. */
export async function createDefaultServiceAccount(
  storage: StorageInterface,
  tenant: string,
  { metadata }: Unstructured,
): Promise<void> {
  if (metadata.deletionTimestamp !== undefined) return
  const namespace = metadata.name!
  const key = storageKey({ tenant, resource: 'serviceaccounts', namespace, name: 'default' })
  const object = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace, uid: randomUUID(), creationTimestamp: timestamp(storage.clock) },
  }
  try {
    await storage.create(key, object, { companion: (transaction) => countCreation(transaction, key) })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/**
 * Empties a namespace that is being deleted and, once nothing is left in it, removes it: the namespace controller
 * of `k8s.io/kubernetes/pkg/controller/namespace`. Objects with finalizers stay until those are taken off.
 */
export async function finishNamespace(context: StoreContext, tenant: string, name: string): Promise<void> {
  const key = namespaceKey(tenant, name)
  if ((await find(context, key))?.metadata.deletionTimestamp === undefined) return
  const remaining = await deleteContent(context, tenant, name)
  if (remaining.resources.size > 0) return reportRemaining(context, key, remaining)
  while (true) {
    const namespace = await find(context, key)
    if (namespace?.metadata.deletionTimestamp === undefined) return
    if (await finalize(context, key, namespace)) return
  }
}

/** Says in the namespace's conditions what its deletion waits for. */
async function reportRemaining(
  { storage }: StoreContext,
  key: StorageKey,
  remaining: RemainingContent,
): Promise<void> {
  try {
    await storage.guaranteedUpdate(key, (stored) => ({
      object: withConditions(stored!, remaining, timestamp(storage.clock)),
    }))
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** Removes an empty namespace, or lets it go where finalizers of others hold it. False if it was changed meanwhile. */
async function finalize(context: StoreContext, key: StorageKey, namespace: Unstructured): Promise<boolean> {
  const { uid, resourceVersion, finalizers = [] } = namespace.metadata
  try {
    if (finalizers.length === 0) return (await removeFinalized(context, key, namespace)) !== undefined
    const finalized = { ...namespace, spec: { ...(namespace.spec as object), finalizers: [] } }
    await context.storage.guaranteedUpdate(key, () => ({ object: finalized }), {
      preconditions: { uid: uid!, resourceVersion: resourceVersion! },
    })
    return true
  } catch (error) {
    // Another process was faster.
    if (isNotFound(error)) return true
    if (isConflict(error)) return false
    throw error
  }
}

/** Deletes all objects of the namespace, of whatever kind, and returns those that finalizers hold. */
async function deleteContent(
  context: StoreContext,
  tenant: string,
  namespace: string,
): Promise<RemainingContent> {
  const { storage } = context
  const remaining: RemainingContent = { resources: new Map(), finalizers: new Map() }
  for (const resource of quotasFirst(await storage.resources(tenant))) {
    const { items } = await storage.getList<Unstructured>(storagePrefix({ tenant, resource, namespace }))
    await forEachConcurrently(items, async (seen) => {
      const key = storageKey({ tenant, resource, namespace, name: seen.metadata.name! })
      try {
        const { object, removed } = await removeObject(context, key, {
          propagationPolicy: 'Background',
          seen,
        })
        if (removed) return
        count(remaining.resources, resource)
        for (const finalizer of object.metadata.finalizers ?? []) count(remaining.finalizers, finalizer)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    })
  }
  return remaining
}

/** Quotas that are gone need not count what goes after them. */
function quotasFirst(resources: readonly string[]): readonly string[] {
  const quotas = 'resourcequotas'
  return resources.includes(quotas) ? [quotas, ...resources.filter((name) => name !== quotas)] : resources
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
