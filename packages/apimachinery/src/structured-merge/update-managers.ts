import type { JsonObject } from '../json-value.ts'
import { type Comparison, compareObjects } from './compare.ts'
import {
  difference,
  emptyFieldSet,
  type FieldSet,
  intersection,
  isEmptyFieldSet,
  recursiveDifference,
  union,
} from './field-set.ts'
import type { Managers, MergeContext } from './managers.ts'
import { MergeConflicts } from './merge-conflicts.ts'
import { deducedType } from './merge-type.ts'
import { reconcileFieldSet } from './reconcile-field-set.ts'

/**
 * Who owns what after `manager` made `object` of `live`: it owns what it changed, and nobody else does. Both are in the
 * version of the request. Follows `Updater.Update` of `merge/update.go` of structured-merge-diff.
 */
export function updateManagers(
  live: JsonObject,
  object: JsonObject,
  managers: Managers,
  manager: string,
  context: MergeContext,
): Managers {
  const { apiVersion } = context
  const result = reconcileManagers(managers, context)
  const { added, modified, removed } = disown(live, object, result, manager, true, context)
  const kept = difference(result.get(manager)?.fields ?? emptyFieldSet, removed)
  const fields = withoutResetFields(union(union(kept, modified), added), apiVersion, context)
  if (isEmptyFieldSet(fields)) result.delete(manager)
  else result.set(manager, { fields, apiVersion, applied: false })
  return result
}

/** The managers with their sets under today's types. Those of versions that are gone are left out. */
export function reconcileManagers(managers: Managers, context: MergeContext): Managers {
  const result: Managers = new Map()
  for (const [manager, set] of managers) {
    const type = context.typeOf(set.apiVersion)
    if (type === undefined) continue
    const fields = reconcileFieldSet(set.fields, type)
    result.set(manager, fields === set.fields ? set : { ...set, fields })
  }
  return result
}

/**
 * Takes from all other managers what changes between the two objects; those who have nothing left go. Without `force`
 * throws {@link MergeConflicts} if they own what is added or modified. Returns the comparison in the version of the
 * request.
 */
export function disown(
  live: JsonObject,
  object: JsonObject,
  managers: Managers,
  workflow: string,
  force: boolean,
  context: MergeContext,
): Comparison {
  const comparisons = new Map<string, Comparison>()
  const compareIn = (apiVersion: string): Comparison => {
    let comparison = comparisons.get(apiVersion)
    if (comparison !== undefined) return comparison
    const type = context.typeOf(apiVersion) ?? deducedType
    const compared =
      apiVersion === context.apiVersion
        ? compareObjects(live, object, type)
        : compareObjects(context.convert(live, apiVersion), context.convert(object, apiVersion), type)
    comparison = withoutReset(compared, apiVersion, context)
    comparisons.set(apiVersion, comparison)
    return comparison
  }
  const own = compareIn(context.apiVersion)
  const conflicts = new Map<string, FieldSet>()
  for (const [manager, set] of managers) {
    if (manager === workflow) continue
    const { added, modified } = compareIn(set.apiVersion)
    const conflict = intersection(set.fields, union(modified, added))
    if (!isEmptyFieldSet(conflict)) conflicts.set(manager, conflict)
  }
  if (!force && conflicts.size > 0) throw MergeConflicts.of(conflicts)
  for (const [manager, set] of managers) {
    if (manager === workflow) continue
    const taken = difference(set.fields, conflicts.get(manager) ?? emptyFieldSet)
    const fields = difference(taken, compareIn(set.apiVersion).removed)
    if (fields !== set.fields) managers.set(manager, { ...set, fields })
  }
  for (const [manager, { fields }] of managers) if (isEmptyFieldSet(fields)) managers.delete(manager)
  return own
}

export function withoutResetFields(set: FieldSet, apiVersion: string, context: MergeContext): FieldSet {
  const reset = context.resetFields?.(apiVersion)
  return reset === undefined ? set : recursiveDifference(set, reset)
}

function withoutReset(comparison: Comparison, apiVersion: string, context: MergeContext): Comparison {
  const reset = context.resetFields?.(apiVersion)
  if (reset === undefined) return comparison
  return {
    added: recursiveDifference(comparison.added, reset),
    modified: recursiveDifference(comparison.modified, reset),
    removed: recursiveDifference(comparison.removed, reset),
  }
}
