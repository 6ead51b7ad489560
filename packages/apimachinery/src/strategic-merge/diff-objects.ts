/** The strategic merge patch between two objects: `diffMaps` of `strategicpatch`. */
import { equalJson, isJsonObject, type JsonObject, setField } from '../json-value.ts'
import { diffLists } from './diff-lists.ts'
import {
  deleteFromPrimitiveListPrefix,
  patchDirective,
  retainKeysDirective,
  setElementOrderPrefix,
} from './directives.ts'
import { lookUpList, lookUpObject } from './lookup.ts'
import type { PatchSchema } from './patch-schema.ts'
import { StrategicMergeError } from './strategic-merge-error.ts'

/** Which differences a patch gets. */
export interface DiffOptions {
  readonly changes: boolean
  readonly deletions: boolean
  /** Whether the order of merged lists is part of the patch. */
  readonly elementOrder: boolean
}

export function diffObjects(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
  retainKeys = false,
): JsonObject {
  const patch: JsonObject = {}
  for (const key of Object.keys(modified)) {
    const after = modified[key]
    if (!Object.hasOwn(original, key)) {
      if (options.changes) setField(patch, key, after)
      continue
    }
    const before = original[key]
    if (key === patchDirective) diffDirective(before, after, patch)
    else if (isJsonObject(before) && isJsonObject(after))
      diffObject(key, before, after, patch, schema, options)
    else if (Array.isArray(before) && Array.isArray(after))
      diffList(key, before, after, patch, schema, options)
    else if (options.changes && !equalJson(before, after)) setField(patch, key, after)
  }
  if (options.deletions) {
    for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) setField(patch, key, null)
  }
  if (retainKeys) addRetainKeys(original, modified, patch)
  return patch
}

/** The objects compared may be patches themselves. */
function diffDirective(before: unknown, after: unknown, patch: JsonObject): void {
  if (typeof before !== 'string' || typeof after !== 'string') {
    throw new StrategicMergeError(`invalid value for special key: ${patchDirective}`)
  }
  if (before !== after) patch[patchDirective] = after
}

function diffObject(
  key: string,
  before: JsonObject,
  after: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): void {
  const rule = lookUpUnlessEqual(before, after, () => lookUpObject(schema, key))
  if (rule === undefined) return
  if (rule.strategy === 'replace') {
    if (options.changes) setField(patch, key, after)
    return
  }
  const inner = diffObjects(before, after, rule.schema, options, rule.retainKeys)
  if (Object.keys(inner).length > 0) setField(patch, key, inner)
}

function diffList(
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
  patch: JsonObject,
  schema: PatchSchema,
  options: DiffOptions,
): void {
  const rule = lookUpUnlessEqual(before, after, () => lookUpList(schema, key))
  if (rule === undefined) return
  if (rule.strategy !== 'merge') {
    if (options.changes && !equalJson(before, after)) setField(patch, key, after)
    return
  }
  const { items, deletions, order } = diffLists(before, after, rule, options)
  if (items.length > 0) setField(patch, key, items)
  if (deletions.length > 0) patch[`${deleteFromPrimitiveListPrefix}/${key}`] = deletions
  if (order.length > 0) patch[`${setElementOrderPrefix}/${key}`] = order
}

/** Equal values need no rule, so that fields unknown to the schema do no harm as long as they do not change. */
function lookUpUnlessEqual<Rule>(before: unknown, after: unknown, lookUp: () => Rule): Rule | undefined {
  try {
    return lookUp()
  } catch (error) {
    if (error instanceof StrategicMergeError && equalJson(before, after)) return undefined
    throw error
  }
}

/** Names the fields that stay, unless there is nothing to change. */
function addRetainKeys(original: JsonObject, modified: JsonObject, patch: JsonObject): void {
  const retained = Object.keys(modified).filter((key) => modified[key] !== null)
  if (retained.length === 0) return
  const hasMore = Object.keys(original).some((key) => original[key] !== null && !Object.hasOwn(modified, key))
  if (hasMore || Object.keys(patch).length > 0) patch[retainKeysDirective] = retained.sort()
}
