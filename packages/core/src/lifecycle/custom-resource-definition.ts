import { isNotFound, type Unstructured } from '@k1s/apimachinery'
import {
  isRequirementFailed,
  newRequirementFailed,
  type StorageCompanion,
  storageKey,
  storagePrefix,
} from '@k1s/storage'
import type { CustomResourceDefinition } from '../crd/custom-resource-definition.ts'
import { establishConditions, withCondition } from '../crd/establish-conditions.ts'
import { definitionKey, definitionsPrefix, writeIndex } from '../registry/discovery-index.ts'
import type { StoreContext } from '../registry-store/resource-request.ts'
import { timestamp } from '../registry-store/time.ts'
import { forEachConcurrently } from './concurrent.ts'
import { definitionFinalizer, find, removeFinalizer, removeObject } from './removal.ts'

/**
 * Grants a definition its names, and says so in its status: what the naming controller does. What is returned makes
 * sure, in the transaction that stores it, that no other definition was given names meanwhile.
 */
export async function acceptNames(
  { registry, storage }: StoreContext,
  tenant: string,
  object: Unstructured,
): Promise<StorageCompanion> {
  const prefix = definitionsPrefix(tenant)
  const { lastRevision } = await storage.stats(prefix)
  const definition = object as unknown as CustomResourceDefinition
  const { group } = definition.spec
  const others = (await registry.list(tenant)).filter(
    (other) => other.group === group && other.plural !== definition.spec.names.plural,
  )
  const resources = new Set(others.flatMap((other) => [other.plural, other.singular, ...other.shortNames]))
  const kinds = new Set(others.flatMap((other) => [other.kind, other.listKind]))
  establishConditions(
    definition,
    { hasResource: (name) => resources.has(name), hasKind: (kind) => kinds.has(kind) },
    timestamp(storage.clock),
  )
  return (transaction) => {
    if (transaction.stats(prefix).lastRevision === lastRevision) return
    const key = definitionKey(tenant, object.metadata.name!)
    throw newRequirementFailed(key, key)
  }
}

/** Makes discovery show a definition as it now is. */
export async function publish({ storage }: StoreContext, tenant: string): Promise<void> {
  const { lastRevision } = await storage.stats(definitionsPrefix(tenant))
  await writeIndex(storage, tenant, lastRevision)
}

/**
 * Deletes the custom resources of a definition that is being deleted and, once none is left, the definition:
 * `crdFinalizer` of `k8s.io/apiextensions-apiserver/pkg/controller/finalizer`.
 */
export async function finishDefinition(context: StoreContext, tenant: string, name: string): Promise<void> {
  await publish(context, tenant)
  const key = definitionKey(tenant, name)
  const definition = await find(context, key)
  if (definition === undefined) return acceptWaitingNames(context, tenant)
  if (definition.metadata.deletionTimestamp === undefined) return
  const left = await deleteInstances(context, tenant, name)
  if (left === 0) await removeFinalizer(context, key, definitionFinalizer)
  else await reportWaiting(context, tenant, name)
}

/** Says in the definition's conditions that its deletion waits for its custom resources. */
async function reportWaiting(context: StoreContext, tenant: string, name: string): Promise<void> {
  try {
    await context.storage.guaranteedUpdate(definitionKey(tenant, name), (stored) => {
      const definition = stored as unknown as CustomResourceDefinition
      const conditions = withCondition(
        definition.status?.conditions ?? [],
        'Terminating',
        deletionInProgress,
        timestamp(context.storage.clock),
      )
      return { object: { ...stored!, status: { ...definition.status, conditions } } }
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  await publish(context, tenant)
}

const deletionInProgress = {
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
} as const

/** Grants names that a definition which is gone had, to others that wait for them. */
async function acceptWaitingNames(context: StoreContext, tenant: string): Promise<void> {
  const { storage } = context
  const { items } = await storage.getList(definitionsPrefix(tenant), { predicate: waitsForNames })
  for (const { metadata } of items) {
    await acceptNamesOf(context, tenant, metadata.name!)
    await publish(context, tenant)
  }
}

async function acceptNamesOf(context: StoreContext, tenant: string, name: string): Promise<void> {
  while (true) {
    try {
      await context.storage.guaranteedUpdate(definitionKey(tenant, name), async (stored) => {
        const companion = await acceptNames(context, tenant, stored!)
        return { object: stored!, companion }
      })
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (!isRequirementFailed(error)) throw error
    }
  }
}

function waitsForNames(object: Unstructured): boolean {
  const { status } = object as unknown as CustomResourceDefinition
  return (
    status?.conditions?.some(
      (condition) => condition.type === 'NamesAccepted' && condition.status !== 'True',
    ) === true
  )
}

/** Deletes all custom resources of a definition and returns how many finalizers hold. */
async function deleteInstances(context: StoreContext, tenant: string, resource: string): Promise<number> {
  const { items } = await context.storage.getList<Unstructured>(storagePrefix({ tenant, resource }))
  let left = 0
  await forEachConcurrently(items, async (seen) => {
    const { name = '', namespace } = seen.metadata
    const key = storageKey({ tenant, resource, name, ...(namespace !== undefined && { namespace }) })
    try {
      const { removed } = await removeObject(context, key, { propagationPolicy: 'Background', seen })
      if (!removed) left++
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  })
  return left
}
