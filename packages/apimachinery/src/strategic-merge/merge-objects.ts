/** Merging of a strategic merge patch into an object, or into another patch: `mergeMap` of `strategicpatch`. */
import { formatGoValue } from '../go-value.ts'
import { equalJson, getField, isJsonObject, type JsonObject, setField } from '../json-value.ts'
import {
  deleteFromPrimitiveListPrefix,
  directedList,
  patchDirective,
  retainKeysDirective,
  setElementOrderPrefix,
} from './directives.ts'
import { mergeOrder } from './item-order.ts'
import { lookUpList, lookUpObject, type MergeRule } from './lookup.ts'
import { isDeletion as isItemDeletion, isSameItem, itemKind, partition } from './merge-list-items.ts'
import { mergeLists, removeFromList } from './merge-lists.ts'
import type { PatchSchema } from './patch-schema.ts'
import {
  badElementOrderFormat,
  badPatchDirective,
  badPrimitiveListFormat,
  badRetainKeysFormat,
  expectedList,
  StrategicMergeError,
} from './strategic-merge-error.ts'

/** What a patch is merged into: an object, or a patch, in which its directives and nulls are to be kept. */
export type MergeTarget = 'object' | 'patch'

/** The original with the patch merged into it. Neither is changed; the result shares parts with both. */
export function mergeObjects(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema,
  target: MergeTarget,
): JsonObject {
  if (Object.hasOwn(patch, patchDirective)) return applyDirective(patch)
  const merged = { ...original }
  const rest = { ...patch }
  applyRetainKeys(merged, rest, target)
  for (const key of Object.keys(rest)) {
    if (key.startsWith(setElementOrderPrefix)) mergeOrderedList(merged, rest, key, schema, target)
  }
  const fields = Object.keys(rest)
  for (const key of fields) {
    if (!isListDeletion(key)) continue
    if (target === 'patch') setField(merged, key, rest[key])
    else deleteFromPrimitiveList(merged, key, rest[key], schema)
  }
  for (const key of fields) if (!isListDeletion(key)) mergeField(merged, key, rest[key], schema, target)
  return merged
}

function isListDeletion(key: string): boolean {
  return key.startsWith(deleteFromPrimitiveListPrefix)
}

function applyDirective(patch: JsonObject): JsonObject {
  const { [patchDirective]: directive, ...replacement } = patch
  if (directive === 'replace') return replacement
  if (directive === 'delete') return {}
  throw badPatchDirective(directive, patch)
}

function applyRetainKeys(merged: JsonObject, rest: JsonObject, target: MergeTarget): void {
  if (!Object.hasOwn(rest, retainKeysDirective)) return
  const directive = rest[retainKeysDirective]
  delete rest[retainKeysDirective]
  if (target === 'patch') {
    const before = merged[retainKeysDirective]
    if (before !== undefined && !equalJson(before, directive)) {
      throw new StrategicMergeError(
        `${formatGoValue(before)} and ${formatGoValue(directive)} are not deep equal: this may happen when calculating the 3-way diff patch`,
      )
    }
    merged[retainKeysDirective] = directive
    return
  }
  if (!Array.isArray(directive)) throw badRetainKeysFormat()
  const retained = new Set<unknown>(directive)
  for (const key of Object.keys(rest)) {
    const isDirective = isListDeletion(key) || key.startsWith(setElementOrderPrefix)
    if (rest[key] !== null && !isDirective && !retained.has(key)) throw badRetainKeysFormat()
  }
  for (const key of Object.keys(merged)) if (!retained.has(key)) delete merged[key]
}

/** Merges a list for which the patch gives an order, and takes both from the rest of the patch. */
function mergeOrderedList(
  merged: JsonObject,
  rest: JsonObject,
  directive: string,
  schema: PatchSchema,
  target: MergeTarget,
): void {
  const order = rest[directive]
  delete rest[directive]
  if (target === 'patch') {
    const before = merged[directive]
    if (before !== undefined && !equalJson(before, order)) throw badElementOrderFormat()
    merged[directive] = order
  }
  if (!Array.isArray(order)) throw expectedList(order)
  const key = directedList(directive, setElementOrderPrefix)
  if (key === undefined) throw badElementOrderFormat()
  const live = listAt(merged, key)
  const patched = listAt(rest, key)
  const rule = lookUpList(schema, key)
  checkOrder(patched ?? [], order, rule.mergeKey)
  if (live === undefined && patched === undefined) return
  const items = mergeOrAdd(live, patched, rule, target)
  const [named, others] = partition(items, order, rule.mergeKey)
  const kind = itemKind(live ?? [], patched ?? [])
  setField(merged, key, mergeOrder(named, others, order, live ?? [], rule.mergeKey, kind))
  delete rest[key]
}

function mergeOrAdd(
  live: readonly unknown[] | undefined,
  patched: readonly unknown[] | undefined,
  rule: MergeRule,
  target: MergeTarget,
): readonly unknown[] {
  if (patched === undefined) return live ?? []
  if (live === undefined) return withoutDirectives(patched) as readonly unknown[]
  return mergeLists(live, patched, rule, target)
}

function listAt(object: JsonObject, key: string): readonly unknown[] | undefined {
  const value = getField(object, key)
  if (value === undefined || Array.isArray(value)) return value
  throw expectedList(value)
}

/** The items of the patch must be in the order that it gives, `validatePatchWithSetOrderList`. */
function checkOrder(patched: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0) return
  const items = mergeKey === '' ? patched : patched.filter((item) => !isItemDeletion(item))
  let next = 0
  for (const item of items) {
    const isDirective = next < order.length && isJsonObject(item) && Object.hasOwn(item, patchDirective)
    if (isDirective) continue
    while (next < order.length && !isSameItem(item, order[next], mergeKey)) next++
    if (next++ < order.length) continue
    throw new StrategicMergeError(
      `The order in patch list:\n${formatGoValue(patched)}\n doesn't match ${setElementOrderPrefix} list:\n${formatGoValue(order)}\n`,
    )
  }
}

function deleteFromPrimitiveList(
  merged: JsonObject,
  directive: string,
  values: unknown,
  schema: PatchSchema,
): void {
  const key = directedList(directive, deleteFromPrimitiveListPrefix)
  if (key === undefined) throw badPrimitiveListFormat()
  const live = getField(merged, key)
  if (values === null) delete merged[key]
  if (!Array.isArray(live) || !Array.isArray(values)) return
  lookUpList(schema, key)
  setField(merged, key, removeFromList(live, values))
}

function mergeField(
  merged: JsonObject,
  key: string,
  value: unknown,
  schema: PatchSchema,
  target: MergeTarget,
): void {
  if (value === null && target === 'object') {
    delete merged[key]
    return
  }
  const present = getField(merged, key)
  if (isJsonObject(present) && isJsonObject(value)) {
    const rule = lookUpObject(schema, key)
    const result = rule.strategy === 'replace' ? value : mergeObjects(present, value, rule.schema, target)
    setField(merged, key, result)
  } else if (Array.isArray(present) && Array.isArray(value)) {
    setField(merged, key, mergeLists(present, value, lookUpList(schema, key), target))
  } else {
    const added = withoutDirectives(target === 'object' ? withoutNulls(value) : value)
    if (added === undefined) delete merged[key]
    else setField(merged, key, added)
  }
}

/** What is added has no fields that are null: there is nothing to remove from it. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isJsonObject(value)) return value
  const kept: JsonObject = {}
  for (const key of Object.keys(value)) {
    if (value[key] !== null) setField(kept, key, withoutNulls(value[key]))
  }
  return kept
}

/** What is added without the objects that carry a `$patch` directive; undefined for such an object. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined)
  if (!isJsonObject(value)) return value
  if (Object.hasOwn(value, patchDirective)) return undefined
  const kept: JsonObject = {}
  for (const key of Object.keys(value)) {
    const field = withoutDirectives(value[key])
    if (field !== undefined) setField(kept, key, field)
  }
  return kept
}
