import { getField, type JsonObject, setField } from '../json-value.ts'
import { findListItemElement } from './list-item.ts'
import type { MergeType } from './merge-type.ts'
import { asList, asMap, typeOfField } from './value-kind.ts'

/**
 * The pruned object without the nulls that stand for lists and maps that lost everything, which Kubernetes drops when it
 * turns the result into an object again. `merged` is what it was pruned of, and says which nulls were there before.
 */
export function dropEmptied(pruned: JsonObject, merged: JsonObject, type: MergeType): JsonObject {
  return drop(pruned, merged, type) as JsonObject
}

function drop(pruned: unknown, merged: unknown, type: MergeType): unknown {
  if (pruned === merged) return pruned
  const prunedMap = asMap(pruned)
  const mergedMap = asMap(merged)
  if (prunedMap !== undefined && mergedMap !== undefined) return dropFields(prunedMap, mergedMap, type)
  const prunedList = asList(pruned)
  const mergedList = asList(merged)
  if (prunedList === undefined || mergedList === undefined) return pruned
  if (type.kind !== 'list' || type.relationship !== 'map') return pruned
  const items = new Map(mergedList.map((item) => [findListItemElement(type, item), item]))
  return prunedList.map((item) => drop(item, items.get(findListItemElement(type, item)), type.element))
}

function dropFields(pruned: JsonObject, merged: JsonObject, type: MergeType): JsonObject {
  const kept: JsonObject = {}
  for (const [name, value] of Object.entries(pruned)) {
    const before = getField(merged, name)
    if (value === null && before !== null) continue
    setField(kept, name, drop(value, before, typeOfField(type, name)))
  }
  return kept
}
