/** Whether two patches want different things: `MergingMapsHaveConflicts` of `strategicpatch`. */
import { formatGoValue } from '../go-value.ts'
import { getField, isJsonObject, type JsonObject } from '../json-value.ts'
import { patchDirective, retainKeysDirective } from './directives.ts'
import { lookUpList, lookUpObject, type MergeRule } from './lookup.ts'
import { itemKind } from './merge-list-items.ts'
import type { PatchSchema } from './patch-schema.ts'
import { StrategicMergeError } from './strategic-merge-error.ts'

/** Whether the patches set the same field to different values. Throws a StrategicMergeError for what cannot be compared. */
export function haveConflicts(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  const leftDirective = getField(left, patchDirective)
  const rightDirective = getField(right, patchDirective)
  if (leftDirective !== rightDirective) return true
  for (const key of Object.keys(left)) {
    if (key === patchDirective || key === retainKeysDirective || !Object.hasOwn(right, key)) continue
    if (fieldsHaveConflicts(key, left[key], right[key], schema)) return true
  }
  return false
}

function fieldsHaveConflicts(key: string, left: unknown, right: unknown, schema: PatchSchema): boolean {
  if (isJsonObject(left)) {
    const rule = lookUpObject(schema, key)
    if (!isJsonObject(right)) return true
    if (rule.strategy !== 'replace') return haveConflicts(left, right, rule.schema)
    return getField(left, patchDirective) !== getField(right, patchDirective)
  }
  if (!Array.isArray(left)) return left !== right
  const rule = lookUpList(schema, key)
  return !Array.isArray(right) || listsHaveConflicts(left, right, rule)
}

function listsHaveConflicts(
  left: readonly unknown[],
  right: readonly unknown[],
  { schema, strategy, mergeKey }: MergeRule,
): boolean {
  const kind = itemKind(left, right)
  if (strategy === 'merge') return kind === 'map' && itemsHaveConflicts(left, right, schema, mergeKey)
  if (left.length !== right.length) return true
  if (kind !== 'map') return !hasSameValues(left, right)
  return left.some((item, index) => haveConflicts(item as JsonObject, right[index] as JsonObject, schema))
}

function itemsHaveConflicts(
  left: readonly unknown[],
  right: readonly unknown[],
  schema: PatchSchema,
  mergeKey: string,
): boolean {
  const rightItems = itemsByKey(right, mergeKey)
  for (const [key, item] of itemsByKey(left, mergeKey)) {
    const other = rightItems.get(key)
    if (other !== undefined && haveConflicts(item, other, schema)) return true
  }
  return false
}

function itemsByKey(list: readonly unknown[], mergeKey: string): Map<unknown, JsonObject> {
  const items = new Map<unknown, JsonObject>()
  for (const item of list as readonly JsonObject[]) {
    if (!Object.hasOwn(item, mergeKey)) {
      throw new StrategicMergeError(
        `cannot find merge key \`${mergeKey}\` in merging list element:${formatGoValue(item)}`,
      )
    }
    items.set(item[mergeKey], item)
  }
  return items
}

function hasSameValues(left: readonly unknown[], right: readonly unknown[]): boolean {
  const values = new Set(left)
  return right.every((item) => values.has(item)) && new Set(right).size === values.size
}
