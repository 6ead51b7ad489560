import type { ManagedFieldsEntry, Unstructured } from '../meta.ts'
import { isEmptyFieldSet } from '../structured-merge/field-set.ts'
import { MergeError } from '../structured-merge/merge-error.ts'
import { deducedType } from '../structured-merge/merge-type.ts'
import { updateManagers, withoutResetFields } from '../structured-merge/update-managers.ts'
import { capUpdateManagers } from './cap-update-managers.ts'
import type { FieldManagerContext } from './field-manager-context.ts'
import {
  decodeManagedFields,
  emptyManaged,
  encodeManagedFields,
  type Managed,
  type ManagerIdentity,
  managedFieldsOf,
  managerIdentifier,
  newEntry,
  resetsManagedFields,
  setManagedFields,
} from './managed-entries.ts'
import { ownedAtCreation } from './owned-at-creation.ts'

/**
 * Sets `metadata.managedFields` of an object that a create, update or patch is about to store: `manager` owns what it
 * changed, with the time of the request, and nobody else does. The object is in the version of the request, `live` is what is
 * stored, undefined for a create.
 *
 * The managed fields that the object brings along count, unless they cannot be read or come by way of a subresource. An
 * empty list or a single empty entry takes all of them away. An object whose list items cannot be identified keeps
 * what it had. Follows `FieldManager.UpdateNoErrors` of `k8s.io/apimachinery/pkg/util/managedfields`.
 */
export function updateManagedFields(
  live: Unstructured | undefined,
  object: Unstructured,
  manager: string,
  context: FieldManagerContext,
): void {
  const brought = managedFieldsBrought(live, object, context)
  try {
    setManagedFields(object, updatedEntries(live, object, brought, manager, context))
  } catch (error) {
    if (!(error instanceof MergeError)) throw error
    setManagedFields(object, live?.metadata.managedFields)
  }
}

function updatedEntries(
  live: Unstructured | undefined,
  object: Unstructured,
  managed: Managed | undefined,
  manager: string,
  context: FieldManagerContext,
): ManagedFieldsEntry[] | undefined {
  const identity = updateIdentity(manager, context)
  if (managed === undefined) {
    // Nobody has been tracked since the object was created, or they were taken away: it stays so.
    if (live?.metadata.uid) return undefined
    if (live === undefined) return firstEntries(object, identity, context)
  }
  const updated = managed ?? emptyManaged()
  const before = live === undefined ? emptyObject(object, context) : inVersion(live, context)
  trackUpdate(before, inVersion(object, context), updated, identity, context)
  return encodeManagedFields(updated)
}

/** What the object says of its managers, or if that says nothing, what is stored. Undefined if there are none. */
function managedFieldsBrought(
  live: Unstructured | undefined,
  object: Unstructured,
  { subresource }: FieldManagerContext,
): Managed | undefined {
  const stored = live && managedFieldsOf(live)
  const brought = object.metadata.managedFields
  if (subresource === undefined && resetsManagedFields(brought)) return undefined
  const wanted = subresource === undefined ? decodable(brought) : undefined
  return wanted ?? (stored === brought ? undefined : decodable(stored))
}

/**
 * Undefined for no entries, and for entries that cannot be read, which Kubernetes treats alike so that a client that
 * does not understand managed fields cannot damage them.
 */
function decodable(entries: readonly ManagedFieldsEntry[] | null | undefined): Managed | undefined {
  if (!entries || entries.length === 0) return undefined
  try {
    return decodeManagedFields(entries)
  } catch {
    return undefined
  }
}

function updateIdentity(
  manager: string,
  { apiVersion, subresource = '' }: FieldManagerContext,
): ManagerIdentity {
  return { manager: manager || 'unknown', operation: 'Update', apiVersion, subresource }
}

/** The only entry of an object that nobody has tracked before: it is its creator's. */
function firstEntries(
  object: Unstructured,
  identity: ManagerIdentity,
  context: FieldManagerContext,
): ManagedFieldsEntry[] | undefined {
  const { apiVersion, now } = context
  const type = context.typeOf(apiVersion) ?? deducedType
  const owned = ownedAtCreation(inVersion(object, context), context.emptyObject?.(apiVersion), type)
  const fieldsV1 = withoutResetFields(owned, apiVersion, context)
  return isEmptyFieldSet(fieldsV1) ? undefined : [newEntry(identity, fieldsV1, now)]
}

export function emptyObject(object: Unstructured, context: FieldManagerContext): Unstructured {
  const { apiVersion } = context
  return context.emptyObject?.(apiVersion) ?? { apiVersion, kind: object.kind, metadata: {} }
}

/** The object in the version of the request. */
export function inVersion(object: Unstructured, context: FieldManagerContext): Unstructured {
  return object.apiVersion === context.apiVersion ? object : context.convert(object, context.apiVersion)
}

/**
 * Brings `managed` up to date with an update. A change of its own fields gives a manager a new time too. Both objects are in
 * the version of the request.
 */
export function trackUpdate(
  live: Unstructured,
  object: Unstructured,
  managed: Managed,
  identity: ManagerIdentity,
  context: FieldManagerContext,
): void {
  const identifier = managerIdentifier(identity)
  const { managers, changed } = updateManagers(live, object, managed.managers, identifier, context)
  managed.managers = managers
  if (changed) {
    const fieldsV1 = managers.get(identifier)!.fields
    managed.entries.set(identifier, newEntry(identity, fieldsV1, context.now))
  }
  capUpdateManagers(managed)
}
