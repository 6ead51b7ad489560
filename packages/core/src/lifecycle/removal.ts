import {
  type Clock,
  isConflict,
  isNotFound,
  newConflict,
  type Preconditions,
  parseGroupVersion,
  type Unstructured,
} from '@k1s/apimachinery'
import type { StorageKey } from '@k1s/storage'
import { releaseUsage } from '../quota/charge-quotas.ts'
import type { StoreContext } from '../registry-store/resource-request.ts'
import { timestamp } from '../registry-store/time.ts'
import { hasContentFinalizer } from './content-finalizer.ts'
import { ownerKeyOf, parseStorageKey } from './stored-key.ts'
import { encodeTask, runTasks, type Task } from './tasks.ts'

export type PropagationPolicy = 'Orphan' | 'Background' | 'Foreground'

export interface RemovalOptions {
  /** The object as it was read before: it is read again only if that is no longer so. */
  readonly seen?: Unstructured
  readonly preconditions?: Preconditions
  readonly propagationPolicy?: PropagationPolicy
  /** Refuses by throwing. Sees the very state that is removed or marked. */
  readonly validate?: (current: Unstructured) => Promise<void>
}

export interface Removal {
  readonly object: Unstructured
  /** False if finalizers hold the object, which then has a deletionTimestamp. */
  readonly removed: boolean
}

export const orphanFinalizer = 'orphan'
export const foregroundFinalizer = 'foregroundDeletion'
export const definitionFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

const namespaces = 'namespaces'
const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

/**
 * Deletes an object as `Store.Delete` does, and finishes all that follows from it: dependents, namespace content,
 * custom resources. NotFound if it is not there, Conflict if it is not the one that the preconditions mean.
 */
export async function removeObject(
  context: StoreContext,
  key: StorageKey,
  options: RemovalOptions = {},
): Promise<Removal> {
  for (let current = options.seen; ; current = undefined) {
    current ??= await context.storage.get(key)
    checkPreconditions(current, options.preconditions)
    await options.validate?.(current)
    if (mustWait(key, current, options.propagationPolicy)) {
      const isMarked = await markDeleted(context, key, options, current.metadata.resourceVersion!)
      if (!isMarked) continue
      return {
        object: await currentOr(context, key, current),
        removed: !(await isThere(context, key, current)),
      }
    }
    const object = await removeFinalized(context, key, current, options.preconditions)
    if (object !== undefined) return { object, removed: true }
  }
}

/** As `BeforeDelete` does, in its words. The write checks again. */
function checkPreconditions(
  { apiVersion, kind, metadata }: Unstructured,
  { uid, resourceVersion }: Preconditions = {},
): void {
  const subject = { group: parseGroupVersion(apiVersion).group, resource: kind }
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
    throw newConflict(subject, metadata.name!, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw newConflict(subject, metadata.name!, why)
  }
}

/** What the object would become, for dry runs. */
export function previewRemoval(
  { storage }: StoreContext,
  key: StorageKey,
  current: Unstructured,
  { propagationPolicy, preconditions }: RemovalOptions,
): Removal {
  checkPreconditions(current, preconditions)
  if (!mustWait(key, current, propagationPolicy)) return { object: current, removed: true }
  const object = structuredClone(current)
  setDeleted(storage.clock, key, object, propagationPolicy)
  return { object, removed: false }
}

/**
 * Removes an object that nothing holds any more, if it is still as it was in `current`, and does what follows.
 * Undefined if it was changed meanwhile and `preconditions` did not ask for this very version.
 */
export async function removeFinalized(
  context: StoreContext,
  key: StorageKey,
  current: Unstructured,
  preconditions: Preconditions = {},
): Promise<Unstructured | undefined> {
  const { tenant } = parseStorageKey(key)
  const following = await tasksAfter(context, key, current)
  let due: readonly Task[] = following
  try {
    const { uid, resourceVersion } = current.metadata
    const removed = await context.storage.delete(key, {
      preconditions: {
        uid: preconditions.uid ?? uid!,
        resourceVersion: preconditions.resourceVersion ?? resourceVersion!,
      },
      companion: releaseUsage(key),
      tasks: (object, referenced) => {
        due = referenced ? [{ kind: 'dependents', uid: object.metadata.uid! }, ...following] : following
        return due.map(encodeTask)
      },
    })
    await runTasks(context, tenant, due)
    return removed
  } catch (error) {
    if (!isConflict(error) || !(await isNewer(context, key, current, preconditions))) throw error
    return undefined
  }
}

/** Whether a lost race may be run again: the caller asked for no version, or for another object. */
async function isNewer(
  context: StoreContext,
  key: StorageKey,
  current: Unstructured,
  preconditions: Preconditions,
): Promise<boolean> {
  if (preconditions.resourceVersion !== undefined) return false
  const latest = await context.storage.get(key)
  if (preconditions.uid !== undefined && preconditions.uid !== latest.metadata.uid) return false
  return latest.metadata.resourceVersion !== current.metadata.resourceVersion
}

/** Whether an object is only marked at first. */
function mustWait(key: StorageKey, current: Unstructured, policy: PropagationPolicy | undefined): boolean {
  const { resource } = parseStorageKey(key)
  return finalizersFor(current, policy).length > 0 || resource === definitions || holdsContent(key, current)
}

function holdsContent(key: StorageKey, current: Unstructured): boolean {
  return parseStorageKey(key).resource === namespaces && hasContentFinalizer(current)
}

/** `deletionFinalizersForGarbageCollection`: what is to hold the object, by the policy or else as it was. */
function finalizersFor({ metadata }: Unstructured, policy: PropagationPolicy | undefined): string[] {
  const finalizers = metadata.finalizers ?? []
  // What was decided with the first deletion stays.
  if (policy === undefined || metadata.deletionTimestamp !== undefined) return [...finalizers]
  const others = finalizers.filter((name) => name !== orphanFinalizer && name !== foregroundFinalizer)
  if (policy === 'Orphan') return [...others, orphanFinalizer]
  if (policy === 'Foreground') return [...others, foregroundFinalizer]
  return others
}

/** Ends the marking of an object that nothing holds any more: it can go at once. */
class NothingHolds {}

/**
 * `seen` is the resourceVersion of the state that was validated. False if what held the object went meanwhile: marked
 * then, it would stay for ever.
 */
async function markDeleted(
  context: StoreContext,
  key: StorageKey,
  options: RemovalOptions,
  seen: string,
): Promise<boolean> {
  const { tenant } = parseStorageKey(key)
  let tasks: Task[] = []
  const mark = async (stored: Unstructured | undefined) => {
    const object = stored!
    if (!mustWait(key, object, options.propagationPolicy)) throw new NothingHolds()
    if (object.metadata.resourceVersion !== seen) await options.validate?.(object)
    setDeleted(context.storage.clock, key, object, options.propagationPolicy)
    tasks = tasksOfMarked(key, object)
    return { object, tasks: tasks.map(encodeTask) }
  }
  const { preconditions } = options
  try {
    await context.storage.guaranteedUpdate(key, mark, preconditions === undefined ? {} : { preconditions })
  } catch (error) {
    if (error instanceof NothingHolds) return false
    throw error
  }
  await runTasks(context, tenant, tasks)
  return true
}

function setDeleted(
  clock: Clock,
  key: StorageKey,
  object: Unstructured,
  policy: PropagationPolicy | undefined,
): void {
  const { metadata } = object
  const { resource } = parseStorageKey(key)
  const finalizers = finalizersFor(object, policy)
  if (resource === definitions && !finalizers.includes(definitionFinalizer))
    finalizers.push(definitionFinalizer)
  if (finalizers.length === 0) delete metadata.finalizers
  else metadata.finalizers = finalizers
  if (metadata.deletionTimestamp !== undefined) return
  metadata.deletionTimestamp = timestamp(clock)
  metadata.deletionGracePeriodSeconds = 0
  if (metadata.generation) metadata.generation++
  if (resource === namespaces) object.status = { ...(object.status as object), phase: 'Terminating' }
}

function tasksOfMarked(key: StorageKey, { metadata }: Unstructured): Task[] {
  const { resource, name } = parseStorageKey(key)
  const tasks: Task[] = []
  if (resource === namespaces) tasks.push({ kind: 'namespace', name })
  if (resource === definitions) tasks.push({ kind: 'definition', name })
  const { finalizers = [] } = metadata
  if (finalizers.includes(orphanFinalizer) || finalizers.includes(foregroundFinalizer)) {
    tasks.push({ kind: 'owner', key })
  }
  return tasks
}

/** What may go on once this object is gone: owners that wait for it, its namespace, its definition. */
async function tasksAfter(
  context: StoreContext,
  key: StorageKey,
  { metadata }: Unstructured,
): Promise<Task[]> {
  const { tenant, resource, namespace } = parseStorageKey(key)
  const tasks: Task[] = []
  for (const reference of metadata.ownerReferences ?? []) {
    const owner = await ownerKeyOf(context, tenant, reference, namespace)
    if (owner === undefined) continue
    const object = await find(context, owner)
    if (object?.metadata.uid !== reference.uid) continue
    if (object.metadata.finalizers?.includes(foregroundFinalizer)) tasks.push({ kind: 'owner', key: owner })
  }
  if (metadata.finalizers?.length || metadata.deletionTimestamp !== undefined) {
    const { namespaceKey } = await import('./namespace.ts')
    const { definitionKey } = await import('../registry/discovery-index.ts')
    if (namespace !== undefined) {
      const object = await find(context, namespaceKey(tenant, namespace))
      if (object?.metadata.deletionTimestamp !== undefined) tasks.push({ kind: 'namespace', name: namespace })
    }
    if (resource.includes('.')) {
      const definition = await find(context, definitionKey(tenant, resource))
      if (definition?.metadata.deletionTimestamp !== undefined)
        tasks.push({ kind: 'definition', name: resource })
    }
  }
  if (resource === definitions) tasks.push({ kind: 'definition', name: parseStorageKey(key).name })
  return tasks
}

/** The object, or undefined if there is none. */
export async function find({ storage }: StoreContext, key: StorageKey): Promise<Unstructured | undefined> {
  try {
    return await storage.get(key)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function isThere(context: StoreContext, key: StorageKey, object: Unstructured): Promise<boolean> {
  return (await find(context, key))?.metadata.uid === object.metadata.uid
}

async function currentOr(
  context: StoreContext,
  key: StorageKey,
  object: Unstructured,
): Promise<Unstructured> {
  const latest = await find(context, key)
  return latest?.metadata.uid === object.metadata.uid ? latest! : object
}

/** Takes a finalizer off an object that is being deleted, and removes the object if that was the last. */
export async function removeFinalizer(
  context: StoreContext,
  key: StorageKey,
  finalizer: string,
): Promise<void> {
  while (true) {
    const current = await find(context, key)
    if (current === undefined || !current.metadata.finalizers?.includes(finalizer)) return
    const finalizers = current.metadata.finalizers.filter((name) => name !== finalizer)
    if (finalizers.length === 0 && !holdsContent(key, current)) {
      if ((await removeIfUnchanged(context, key, current)) !== undefined) return
      continue
    }
    const isWritten = await context.storage
      .guaranteedUpdate(
        key,
        (stored) => ({ object: { ...stored!, metadata: { ...stored!.metadata, finalizers } } }),
        { preconditions: { uid: current.metadata.uid!, resourceVersion: current.metadata.resourceVersion! } },
      )
      .then(() => true, lostRace)
    if (isWritten) return
  }
}

async function removeIfUnchanged(context: StoreContext, key: StorageKey, current: Unstructured) {
  try {
    return await removeFinalized(context, key, current)
  } catch (error) {
    if (isNotFound(error)) return current
    throw error
  }
}

function lostRace(error: unknown): false {
  if (isConflict(error) || isNotFound(error)) return false
  throw error
}
