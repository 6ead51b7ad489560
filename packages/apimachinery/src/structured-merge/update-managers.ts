import type { JsonObject } from '../json-value.ts'
import { compareObjects } from './compare.ts'
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
import { withoutSystemFields } from './system-fields.ts'

export interface Updated {
  readonly managers: Managers
  /** Whether the manager changed a field that can be owned. */
  readonly changed: boolean
}

/**
 * Who owns what after `manager` made `object` of `live`: it owns what it changed, and nobody else does. Both are in the
 * version of the request, and so is what the manager owned before. Follows `Updater.Update` of `merge/update.go` of
 * structured-merge-diff, and `managedFieldsUpdater` in that a manager's change of its own fields counts as one.
 */
export function updateManagers(
  live: JsonObject,
  object: JsonObject,
  managers: Managers,
  manager: string,
  context: MergeContext,
): Updated {
  const { apiVersion } = context
  const result = reconcileManagers(managers, context)
  const { removed, set } = disown(live, object, result, manager, true, context)
  const own = result.get(manager)
  const taken = withoutSystemFields(set)
  const changed = !isEmptyFieldSet(taken)
  if (own === undefined && !changed) return { managers: result, changed }
  const fields = union(difference(own?.fields ?? emptyFieldSet, removed), taken)
  if (isEmptyFieldSet(fields)) result.delete(manager)
  else if (fields !== own?.fields) result.set(manager, { fields, apiVersion, applied: false })
  return { managers: result, changed }
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

/** What changes in one version. */
interface Changes {
  readonly removed: FieldSet
  /** What is added or modified. */
  readonly set: FieldSet
}

/**
 * Takes from all other managers what changes between the two objects; those who have nothing left go. Without `force`
 * throws {@link MergeConflicts} if they own what is added or modified. Returns what changes in the version of the request.
 */
export function disown(
  live: JsonObject,
  object: JsonObject,
  managers: Managers,
  workflow: string,
  force: boolean,
  context: MergeContext,
): Changes {
  const own = changesOf(live, object, context.apiVersion, context)
  const changes = new Map([[context.apiVersion, own]])
  const changesIn = (apiVersion: string): Changes => {
    let found = changes.get(apiVersion)
    if (found === undefined) {
      found = changesOf(
        context.convert(live, apiVersion),
        context.convert(object, apiVersion),
        apiVersion,
        context,
      )
      changes.set(apiVersion, found)
    }
    return found
  }
  if (!force) refuseConflicts(managers, workflow, changesIn)
  for (const [manager, set] of managers) {
    if (manager !== workflow) {
      const { removed, set: taken } = changesIn(set.apiVersion)
      const fields = difference(difference(set.fields, taken), removed)
      if (fields !== set.fields) managers.set(manager, { ...set, fields })
    }
    if (isEmptyFieldSet(managers.get(manager)!.fields)) managers.delete(manager)
  }
  return own
}

function refuseConflicts(
  managers: Managers,
  workflow: string,
  changesIn: (apiVersion: string) => Changes,
): void {
  const conflicts = new Map<string, FieldSet>()
  for (const [manager, { fields, apiVersion }] of managers) {
    if (manager === workflow) continue
    const conflict = intersection(fields, changesIn(apiVersion).set)
    if (!isEmptyFieldSet(conflict)) conflicts.set(manager, conflict)
  }
  if (conflicts.size > 0) throw MergeConflicts.of(conflicts)
}

/** What changes between two objects of a version, but for what the resource resets. */
function changesOf(live: JsonObject, object: JsonObject, apiVersion: string, context: MergeContext): Changes {
  const type = context.typeOf(apiVersion) ?? deducedType
  const { added, modified, removed } = compareObjects(live, object, type)
  return {
    removed: withoutResetFields(removed, apiVersion, context),
    set: withoutResetFields(union(modified, added), apiVersion, context),
  }
}

export function withoutResetFields(set: FieldSet, apiVersion: string, context: MergeContext): FieldSet {
  const reset = context.resetFields?.(apiVersion)
  return reset === undefined ? set : recursiveDifference(set, reset)
}
