/** Strategic merge patches, which know from the type of an object how its lists are merged: `strategicpatch`. */
import type { JsonObject } from '../json-value.ts'
import { type MergePrecondition, MergePreconditionError } from '../three-way-merge.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { haveConflicts } from './conflicts.ts'
import { diffObjects } from './diff-objects.ts'
import { mergeObjects } from './merge-objects.ts'
import type { PatchSchema } from './patch-schema.ts'
import { StrategicMergeConflictError } from './strategic-merge-error.ts'

/**
 * The original with the patch applied, `StrategicMergeMapPatchUsingLookupPatchMeta`. Neither is changed; the result
 * shares parts with both. Directives below what the patch adds anew are not looked at, as in Kubernetes, where decoding
 * drops them as unknown fields.
 *
 * Throws a StrategicMergeError for a patch that is wrong in itself or does not fit the type.
 */
export function applyStrategicMergePatch(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
): JsonObject {
  return mergeObjects(original, patch, schema, 'object')
}

/** Whether two patches set the same field to different values, `MergingMapsHaveConflicts`. */
export function patchesHaveConflicts(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  return haveConflicts(left, right, schema)
}

/**
 * The patch that makes the modified object of the original, `CreateTwoWayMergePatch`; empty if they are equal. Unlike
 * Kubernetes, which sorts the original's lists of plain values before it compares them, it sees a changed order of such
 * a list, and none where nothing changed.
 */
export function createTwoWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
): JsonObject {
  return diffObjects(original, modified, schema, { changes: true, deletions: true, elementOrder: true })
}

export interface ThreeWayMergeOptions {
  /** Whether the modified object wins over what others changed in fields that it sets; the default is true. */
  readonly overwrite?: boolean
  readonly preconditions?: readonly MergePrecondition[]
}

/**
 * The patch that gives `current` what `modified` says and takes from it what `original`, the configuration applied
 * last, had and `modified` has no longer, `CreateThreeWayMergePatch`. Fields and items that others set stay. An empty
 * patch means that nothing is to be done.
 *
 * Throws a MergePreconditionError for a patch that a precondition refuses, and without `overwrite` a
 * StrategicMergeConflictError if others changed what the patch changes.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: PatchSchema,
  { overwrite = true, preconditions = [] }: ThreeWayMergeOptions = {},
): JsonObject {
  const additions = { changes: true, deletions: false, elementOrder: true }
  const deletions = { changes: false, deletions: true, elementOrder: true }
  const patch = mergeObjects(
    diffObjects(original, modified, schema, deletions),
    diffObjects(current, modified, schema, additions),
    schema,
    'patch',
  )
  if (!preconditions.every((holds) => holds(patch))) throw new MergePreconditionError(patch)
  if (!overwrite) refuseConflicts(patch, original, current, schema)
  return patch
}

function refuseConflicts(
  patch: JsonObject,
  original: JsonObject,
  current: JsonObject,
  schema: PatchSchema,
): void {
  const all = { changes: true, deletions: true, elementOrder: false }
  const changed = diffObjects(original, current, schema, all)
  if (!haveConflicts(patch, changed, schema)) return
  throw new StrategicMergeConflictError(
    `patch:\n${encodeYaml(patch)}\nconflicts with changes made from original to current:\n${encodeYaml(changed)}\n`,
  )
}
