import { isConflict, isNotFound, type OwnerReference, type Unstructured } from '@k1s/apimachinery'
import type { StorageKey } from '@k1s/storage'
import type { StoreContext } from '../registry-store/resource-request.ts'
import { forEachConcurrently } from './concurrent.ts'
import {
  find,
  foregroundFinalizer,
  orphanFinalizer,
  type PropagationPolicy,
  removeFinalizer,
  removeObject,
} from './removal.ts'
import { ownerKeyOf, parseStorageKey } from './stored-key.ts'

/**
 * Collects the dependents of an owner that is gone: those with another owner lose the reference, the others are
 * deleted. `attemptToDeleteItem` of `k8s.io/kubernetes/pkg/controller/garbagecollector`.
 */
export async function collectDependents(context: StoreContext, tenant: string, uid: string): Promise<void> {
  const keys = await context.storage.dependents(tenant, uid)
  await forEachConcurrently(keys, (key) => collect(context, tenant, key))
}

/**
 * Goes on with an object that is being deleted in the foreground, whose blocking dependents go first, or whose
 * dependents are to be orphaned.
 */
export async function finishOwner(context: StoreContext, tenant: string, key: StorageKey): Promise<void> {
  const owner = await find(context, key)
  if (owner?.metadata.deletionTimestamp === undefined) return
  const { finalizers = [], uid = '' } = owner.metadata
  if (finalizers.includes(orphanFinalizer)) {
    const keys = await context.storage.dependents(tenant, uid)
    await forEachConcurrently(keys, (dependent) => dropReferences(context, dependent, new Set([uid])))
    await removeFinalizer(context, key, orphanFinalizer)
  } else if (finalizers.includes(foregroundFinalizer)) {
    const keys = await context.storage.dependents(tenant, uid)
    await forEachConcurrently(keys, (dependent) => collect(context, tenant, dependent))
    if (!(await isBlocked(context, tenant, uid))) await removeFinalizer(context, key, foregroundFinalizer)
  }
}

async function isBlocked(context: StoreContext, tenant: string, uid: string): Promise<boolean> {
  for (const key of await context.storage.dependents(tenant, uid)) {
    const dependent = await find(context, key)
    const blocks = dependent?.metadata.ownerReferences?.some(
      (reference) => reference.uid === uid && reference.blockOwnerDeletion === true,
    )
    // An object that owns itself would wait for ever.
    if (blocks && dependent?.metadata.uid !== uid) return true
  }
  return false
}

/** Collects an object whose owners are gone or deleting their dependents, unless one stays. */
export async function collect(context: StoreContext, tenant: string, key: StorageKey): Promise<void> {
  const dependent = await find(context, key)
  const references = dependent?.metadata.ownerReferences ?? []
  if (dependent === undefined || references.length === 0) return
  const { solid, dangling, waiting } = await classify(context, tenant, key, references)
  if (dangling.length === 0 && waiting.length === 0) return
  if (solid.length > 0) {
    await dropReferences(context, key, new Set([...dangling, ...waiting].map(({ uid }) => uid)))
    return
  }
  if (dependent.metadata.deletionTimestamp !== undefined) return
  if (waiting.length > 0 && (await closesCircle(context, tenant, dependent))) await unblock(context, key)
  const policy = await policyFor(context, tenant, dependent, waiting.length > 0)
  try {
    await removeObject(context, key, {
      propagationPolicy: policy,
      preconditions: { uid: dependent.metadata.uid! },
    })
  } catch (error) {
    // Gone, or another object of that name by now.
    if (!isNotFound(error) && !isConflict(error)) throw error
  }
}

/**
 * Whether a dependent of this one waits for its own dependents already: then they might wait for each other for ever.
 * That it may be none is no harm. As `attemptToDeleteItem` has it.
 */
async function closesCircle(
  context: StoreContext,
  tenant: string,
  { metadata }: Unstructured,
): Promise<boolean> {
  for (const key of await context.storage.dependents(tenant, metadata.uid ?? '')) {
    const dependent = await find(context, key)
    if (dependent !== undefined && isWaiting(dependent)) return true
  }
  return false
}

/** Whether an object is only waiting for its dependents to go. */
export function isWaiting({ metadata }: Unstructured): boolean {
  return (
    metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(foregroundFinalizer) === true
  )
}

/** No owner need wait for this object any more. */
async function unblock(context: StoreContext, key: StorageKey): Promise<void> {
  await changeReferences(context, key, (references) =>
    references.map(({ blockOwnerDeletion: _, ...reference }) => reference),
  )
}

/** The dependent's own finalizers say how to go on; a waiting owner wants what is below gone first. */
async function policyFor(
  { storage }: StoreContext,
  tenant: string,
  { metadata }: Unstructured,
  isAwaited: boolean,
): Promise<PropagationPolicy> {
  const { finalizers = [], uid = '' } = metadata
  if (finalizers.includes(orphanFinalizer)) return 'Orphan'
  if (finalizers.includes(foregroundFinalizer)) return 'Foreground'
  const hasDependents = isAwaited && (await storage.dependents(tenant, uid)).length > 0
  return hasDependents ? 'Foreground' : 'Background'
}

/** Owners that stay, that are gone, and that wait for their dependents to go. */
async function classify(
  context: StoreContext,
  tenant: string,
  key: StorageKey,
  references: readonly OwnerReference[],
) {
  const { namespace } = parseStorageKey(key)
  const owners = {
    solid: [] as OwnerReference[],
    dangling: [] as OwnerReference[],
    waiting: [] as OwnerReference[],
  }
  for (const reference of references) {
    const ownerKey = await ownerKeyOf(context, tenant, reference, namespace)
    // An owner of a kind that nobody serves may exist: what cannot be decided is kept.
    if (ownerKey === undefined) {
      owners.solid.push(reference)
      continue
    }
    const owner = await find(context, ownerKey)
    if (owner?.metadata.uid !== reference.uid) owners.dangling.push(reference)
    else if (isWaiting(owner)) owners.waiting.push(reference)
    else owners.solid.push(reference)
  }
  return owners
}

function dropReferences(context: StoreContext, key: StorageKey, uids: ReadonlySet<string>): Promise<void> {
  return changeReferences(context, key, (references) => references.filter(({ uid }) => !uids.has(uid)))
}

async function changeReferences(
  context: StoreContext,
  key: StorageKey,
  change: (references: readonly OwnerReference[]) => readonly OwnerReference[],
): Promise<void> {
  try {
    await context.storage.guaranteedUpdate(key, (stored) => {
      const { ownerReferences = [], ...metadata } = stored!.metadata
      const kept = [...change(ownerReferences)]
      return {
        object: { ...stored!, metadata: { ...metadata, ...(kept.length > 0 && { ownerReferences: kept }) } },
      }
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
