import { equalJson, type OwnerReference, type Unstructured } from '@k1s/apimachinery'
import type { StorageCompanion, StorageKey } from '@k1s/storage'
import type { StillPasses } from '../admission/admission.ts'
import { chargeCreation, measureUsage } from '../quota/charge-quotas.ts'
import { isCounted } from '../quota/object-count.ts'
import type { ResourceRequest, StoreContext } from '../registry-store/resource-request.ts'
import { storageResource } from '../resource-path.ts'
import type { Task } from './tasks.ts'

/** What happens in the transaction of a write beyond its object, so that no end of a process comes in between. */
export interface Accompaniment {
  readonly companion: StorageCompanion | undefined
  /** What the transaction found due, and kept with the write: to be run after it. */
  readonly tasks: readonly Task[]
}

const noTasks: readonly Task[] = []

/**
 * Of the creation of a valid object: the quotas of its namespace are charged, and its owners looked at. `prepared` is
 * what the kind itself asks for, `stillPasses` what admission relied on.
 */
export function accompanyCreation(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  key: StorageKey,
  object: Unstructured,
  prepared?: StorageCompanion,
  stillPasses?: StillPasses,
): Accompaniment | Promise<Accompaniment> {
  const own = inOrder(prepared, quotaCompanion(resourceRequest, key, object))
  const companion = inOrder(stillPasses && ((transaction) => stillPasses(transaction, key)), own)
  const { ownerReferences = [] } = object.metadata
  if (ownerReferences.length === 0) return { companion, tasks: noTasks }
  return withOwners(context, resourceRequest, key, ownerReferences, companion)
}

/** Of an update: a quota measures anew, and owners that were added may be gone already. */
export function accompanyUpdate(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  key: StorageKey,
  object: Unstructured,
  old: Unstructured,
  prepared?: StorageCompanion,
): Accompaniment | Promise<Accompaniment> {
  const measure: StorageCompanion | undefined = isQuota(resourceRequest)
    ? (transaction) => measureUsage(transaction, key, object)
    : undefined
  const companion = inOrder(prepared, measure)
  const { ownerReferences = [] } = object.metadata
  if (ownerReferences.length === 0 || equalJson(ownerReferences, old.metadata.ownerReferences ?? [])) {
    return { companion, tasks: noTasks }
  }
  return withOwners(context, resourceRequest, key, ownerReferences, companion)
}

function inOrder(
  first: StorageCompanion | undefined,
  second: StorageCompanion | undefined,
): StorageCompanion | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return (transaction) => {
    first(transaction)
    second(transaction)
  }
}

function isQuota({ definition }: ResourceRequest): boolean {
  return definition.plural === 'resourcequotas' && definition.group === ''
}

function quotaCompanion(
  resourceRequest: ResourceRequest,
  key: StorageKey,
  object: Unstructured,
): StorageCompanion | undefined {
  const { definition, request } = resourceRequest
  if (definition.scope === 'Cluster' || !isCounted(storageResource(definition))) return undefined
  const { group, resource } = request
  const measures = isQuota(resourceRequest)
  const expires = definition.strategy.ttl !== undefined
  return (transaction) => {
    chargeCreation(transaction, key, { group, resource, name: object.metadata.name! }, expires)
    if (measures) measureUsage(transaction, key, object)
  }
}

/**
 * An owner that is there in the transaction will find its dependent when it goes, by the index of owners. For one that
 * is not, or that is just deleting its dependents, a task is kept with the write.
 */
async function withOwners(
  context: StoreContext,
  { request }: ResourceRequest,
  key: StorageKey,
  references: readonly OwnerReference[],
  companion: StorageCompanion | undefined,
): Promise<Accompaniment> {
  const { ownerKeyOf } = await import('./stored-key.ts')
  const { isWaiting } = await import('./garbage-collection.ts')
  const { encodeTask } = await import('./tasks.ts')
  const owners: { key: StorageKey; uid: string }[] = []
  for (const reference of references) {
    const ownerKey = await ownerKeyOf(context, request.tenant, reference, request.namespace)
    if (ownerKey !== undefined) owners.push({ key: ownerKey, uid: reference.uid })
  }
  const tasks: Task[] = []
  const look: StorageCompanion = (transaction) => {
    tasks.length = 0
    const isLeaving = ({ key: ownerKey, uid }: { key: StorageKey; uid: string }) => {
      const owner = transaction.get(ownerKey)
      return owner?.metadata.uid !== uid || isWaiting(owner)
    }
    if (!owners.some(isLeaving)) return
    const task: Task = { kind: 'dependent', key }
    tasks.push(task)
    transaction.addTask(encodeTask(task))
  }
  return { companion: inOrder(companion, look), tasks }
}
