import { equalJson, type JsonObject } from '../json-value.ts'
import { dropEmptied } from './drop-emptied.ts'
import { difference, type FieldSet, intersection, isEmptyFieldSet, union } from './field-set.ts'
import { fieldSetOf } from './field-set-of.ts'
import type { Managers, MergeContext, VersionedSet } from './managers.ts'
import { deducedType, type MergeType } from './merge-type.ts'
import { mergeValues } from './merge-values.ts'
import { withNamedFields } from './named-fields.ts'
import { removeItems } from './remove-items.ts'
import { disown, reconcileManagers, withoutResetFields } from './update-managers.ts'

export interface Applied {
  /** The merged object, undefined if it is the same as before. */
  readonly object: JsonObject | undefined
  readonly managers: Managers
}

/**
 * Merges a configuration into an object: sets what it says, and removes what the manager applied before and nobody owns any
 * more. Without `force` throws MergeConflicts if that changes fields of other managers. Both objects are in the
 * version of the request. Follows `Updater.Apply` of `merge/update.go` of structured-merge-diff.
 */
export function applyManagers(
  live: JsonObject,
  configuration: JsonObject,
  managers: Managers,
  manager: string,
  force: boolean,
  context: MergeContext,
): Applied {
  const { apiVersion } = context
  const type = context.typeOf(apiVersion) ?? deducedType
  const result = reconcileManagers(managers, context)
  const merged = mergeValues(live, configuration, type) as JsonObject
  const last = result.get(manager)
  const fields = withoutResetFields(fieldSetOf(configuration, type), apiVersion, context)
  result.set(manager, { fields, apiVersion, applied: true })
  const object = prune(merged, result, last, fields, context)
  disown(live, object, result, manager, force, context)
  return { object: equalJson(live, object) ? undefined : dropEmptied(object, merged, type), managers: result }
}

/** An object in one of its versions. */
interface Versioned {
  readonly value: JsonObject
  readonly apiVersion: string
  readonly type: MergeType
}

/** Removes what was applied the last time, is not this time, and which nobody owns. */
function prune(
  merged: JsonObject,
  managers: Managers,
  last: VersionedSet | undefined,
  fields: FieldSet,
  context: MergeContext,
): JsonObject {
  if (last === undefined || isEmptyFieldSet(last.fields)) return merged
  const { apiVersion } = context
  if (last.apiVersion === apiVersion && isEmptyFieldSet(difference(last.fields, fields))) return merged
  const before = inVersion({ value: merged, apiVersion, type: deducedType }, last.apiVersion, context)
  if (before === undefined) return merged
  const removed = remove(before, withNamedFields(last.fields, before.type))
  const pruned = addBackOwned(before, { ...before, value: removed }, managers, context)
  const kept = addBackDangling(before, pruned, last, context)
  return inVersion(kept, apiVersion, context)?.value ?? merged
}

function remove({ value, type }: Versioned, items: FieldSet): JsonObject {
  return (removeItems(value, items, type) ?? {}) as JsonObject
}

/** Undefined if the version does not exist any more. */
function inVersion(object: Versioned, apiVersion: string, context: MergeContext): Versioned | undefined {
  const type = context.typeOf(apiVersion)
  if (type === undefined) return undefined
  const { value } = object
  return {
    value: object.apiVersion === apiVersion ? value : context.convert(value, apiVersion),
    apiVersion,
    type,
  }
}

/** Puts back what somebody owns, in the version of `merged` first, since a conversion may need it. */
function addBackOwned(
  merged: Versioned,
  pruned: Versioned,
  managers: Managers,
  context: MergeContext,
): Versioned {
  const owned = new Map<string, FieldSet>([[merged.apiVersion, {}]])
  for (const { fields, apiVersion } of managers.values()) {
    const others = owned.get(apiVersion)
    owned.set(apiVersion, others === undefined ? fields : union(others, fields))
  }
  let current = { merged, pruned }
  for (const [apiVersion, set] of owned) {
    current = addBackOwnedIn(apiVersion, set, current.merged, current.pruned, context)
  }
  return current.pruned
}

function addBackOwnedIn(
  apiVersion: string,
  owned: FieldSet,
  merged: Versioned,
  pruned: Versioned,
  context: MergeContext,
): { merged: Versioned; pruned: Versioned } {
  const before = inVersion(merged, apiVersion, context)
  const after = inVersion(pruned, apiVersion, context)
  if (before === undefined || after === undefined) return { merged, pruned }
  const { type } = before
  const named = (set: FieldSet) => withNamedFields(set, type)
  const kept = union(named(fieldSetOf(after.value, type)), named(owned))
  const unowned = difference(named(fieldSetOf(before.value, type)), kept)
  return {
    merged: before,
    pruned: { ...before, value: remove(before, unowned) },
  }
}

/** Puts back what the manager itself never applied. */
function addBackDangling(
  merged: Versioned,
  pruned: Versioned,
  last: VersionedSet,
  context: MergeContext,
): Versioned {
  const after = inVersion(pruned, last.apiVersion, context)
  if (after === undefined) return merged
  const { type } = merged
  const named = (set: FieldSet) => withNamedFields(set, type)
  const gone = difference(named(fieldSetOf(merged.value, type)), named(fieldSetOf(after.value, type)))
  const items = intersection(gone, named(last.fields))
  return { ...merged, value: remove(merged, items) }
}
