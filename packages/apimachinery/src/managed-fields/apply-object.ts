import { formatGroupVersionKind, groupVersionKindOf } from '../group-version.ts'
import { equalJson } from '../json-value.ts'
import type { ManagedFieldsEntry, Unstructured } from '../meta.ts'
import { newBadRequest, StatusError } from '../status-error.ts'
import { applyManagers } from '../structured-merge/apply-managers.ts'
import { difference, type FieldSet, fieldSet, isEmptyFieldSet } from '../structured-merge/field-set.ts'
import { MergeConflicts } from '../structured-merge/merge-conflicts.ts'
import { MergeError } from '../structured-merge/merge-error.ts'
import { deducedType } from '../structured-merge/merge-type.ts'
import { withoutSystemFields } from '../structured-merge/system-fields.ts'
import { validateValue } from '../structured-merge/validate-value.ts'
import { newFieldConflict } from './conflict-error.ts'
import type { FieldManagerContext } from './field-manager-context.ts'
import { fieldsOfLastApplied, migratingManager, withLastApplied } from './last-applied-migration.ts'
import {
  decodeManagedFields,
  emptyManaged,
  encodeManagedFields,
  equalEntries,
  type Managed,
  managedFieldsOf,
  managerIdentifier,
  newEntry,
} from './managed-entries.ts'
import { emptyObject, inVersion, trackUpdate } from './update-managed-fields.ts'

/**
 * Server-side apply: `live` merged with the configuration of a manager, which from then on owns what the configuration says,
 * and with its managed fields. What the manager applied before and does not any more is removed, unless others own it.
 * Undefined if nothing changes. `live` is undefined if the object does not exist. The result is in the version of
 * the request, has no defaults yet, and shares parts with both objects, which are not changed.
 *
 * Without `force` fields of other managers that would change are 409 Conflict, with a cause for each. A configuration
 * with managed fields or of another kind or version is 400 Bad Request; one that does not fit its type is 500, as in
 * Kubernetes: `failed to create typed patch object (default/x; apps/v1, Kind=Deployment): .spec.foo: field not declared
 * in schema`. Follows `FieldManager.Apply` of `k8s.io/apimachinery/pkg/util/managedfields`.
 */
export function applyObject(
  live: Unstructured | undefined,
  applied: Unstructured,
  manager: string,
  force: boolean,
  context: FieldManagerContext,
): Unstructured | undefined {
  checkConfiguration(live, applied, context)
  const current = live === undefined ? nothingYet(applied) : inVersion(live, context)
  const attempt: Attempt = { current, applied, manager, context, managed: decodeStored(current) }
  const result = applyMigrating(attempt, force)
  return live === undefined || hasChanged(current, result) ? result : undefined
}

interface Attempt {
  readonly current: Unstructured
  readonly applied: Unstructured
  readonly manager: string
  readonly context: FieldManagerContext
  readonly managed: Managed
}

function checkConfiguration(
  live: Unstructured | undefined,
  applied: Unstructured,
  { apiVersion }: FieldManagerContext,
): void {
  if (applied.apiVersion !== apiVersion || (live !== undefined && applied.kind !== live.kind)) {
    throw newBadRequest(`invalid object type: ${formatGroupVersionKind(groupVersionKindOf(applied))}`)
  }
  if (applied.metadata?.managedFields) throw newBadRequest('metadata.managedFields must be nil')
}

function nothingYet({ apiVersion, kind }: Unstructured): Unstructured {
  return { apiVersion, kind, metadata: {} }
}

function decodeStored(current: Unstructured): Managed {
  try {
    return decodeManagedFields(managedFieldsOf(current))
  } catch (error) {
    throw failed(`failed to decode managed fields: ${(error as Error).message}`)
  }
}

/** An error without a reason, as which Kubernetes reports what fails in the field manager. */
function failed(message: string): StatusError {
  return new StatusError({ code: 500, reason: '', message })
}

/** kubectl's own apply overrides, without being told to, what it applied from the client before. */
function applyMigrating(attempt: Attempt, force: boolean): Unstructured {
  const result = applyOrConflicts(attempt, force)
  if (!(result instanceof MergeConflicts)) return result
  const { current, manager, context } = attempt
  const own = manager === migratingManager ? fieldsOfLastApplied(current, context) : undefined
  if (own === undefined) throw newFieldConflict(result)
  const conflicting = fieldSet(...result.conflicts.map(({ path }) => path))
  if (!isEmptyFieldSet(difference(conflicting, own))) throw newFieldConflict(result.without(own))
  return applyMigrating(attempt, true)
}

function applyOrConflicts(attempt: Attempt, force: boolean): Unstructured | MergeConflicts {
  try {
    const result = apply(attempt, force)
    return attempt.manager === migratingManager ? withLastApplied(result, attempt.applied) : result
  } catch (error) {
    if (error instanceof MergeConflicts) return error
    throw error
  }
}

/** The merged object with its managed fields. Throws MergeConflicts. */
function apply({ current, applied, manager, context, managed }: Attempt, force: boolean): Unstructured {
  const { apiVersion, subresource = '', now } = context
  const known =
    managed.managers.size > 0
      ? { ...managed, entries: new Map(managed.entries) }
      : beforeFirst(current, context)
  validateTyped(applied, context)
  const identity = { manager: manager || 'unknown', operation: 'Apply', apiVersion, subresource } as const
  const identifier = managerIdentifier(identity)
  const { object, managers } = withTypedErrors('live', current, () =>
    applyManagers(current, applied, known.managers, identifier, force, context),
  )
  const own = managers.get(identifier)
  const fieldsV1: FieldSet | undefined = own && withoutSystemFields(own.fields)
  if (fieldsV1 === undefined || isEmptyFieldSet(fieldsV1)) managers.delete(identifier)
  else {
    managers.set(identifier, { ...own!, fields: fieldsV1 })
    const time = object === undefined ? known.entries.get(identifier)?.time : now
    known.entries.set(identifier, newEntry(identity, fieldsV1, time))
  }
  const entries = encodeManagedFields({ managers, entries: known.entries })
  return withManagedFields((object as Unstructured | undefined) ?? current, entries)
}

/** The managers of an object that nobody has tracked: whoever made it was before the first apply. */
function beforeFirst(current: Unstructured, context: FieldManagerContext): Managed {
  const managed = emptyManaged()
  const { apiVersion, subresource = '' } = context
  const identity = { manager: 'before-first-apply', operation: 'Update', apiVersion, subresource } as const
  withTypedErrors('live', current, () =>
    trackUpdate(emptyObject(current, context), current, managed, identity, context),
  )
  return managed
}

function validateTyped(applied: Unstructured, context: FieldManagerContext): void {
  const type = context.typeOf(context.apiVersion) ?? deducedType
  withTypedErrors('patch', applied, () => validateValue(applied, type))
}

function withTypedErrors<T>(what: 'patch' | 'live', object: Unstructured, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof MergeError)) throw error
    const { namespace = '', name = '' } = object.metadata ?? {}
    const place = `${namespace}/${name}; ${formatGroupVersionKind(groupVersionKindOf(object))}`
    throw failed(`failed to create typed ${what} object (${place}): ${error.message}`)
  }
}

function withManagedFields(object: Unstructured, entries: ManagedFieldsEntry[] | undefined): Unstructured {
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } }
}

function hasChanged(current: Unstructured, result: Unstructured): boolean {
  if (!equalEntries(managedFieldsOf(current), managedFieldsOf(result))) return true
  return !equalJson(withManagedFields(current, undefined), withManagedFields(result, undefined))
}
