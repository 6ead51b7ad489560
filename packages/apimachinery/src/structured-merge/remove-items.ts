import { type JsonObject, setField } from '../json-value.ts'
import { below, emptyFieldSet, type FieldSet, hasElement, isEmptyFieldSet } from './field-set.ts'
import { findListItemElement } from './list-item.ts'
import type { MergeList, MergeType } from './merge-type.ts'
import { fieldElement } from './path-element.ts'
import { asList, asMap, isAtomic, kindOf, typeOfField } from './value-kind.ts'

/**
 * The value without the fields and items of a set. What loses everything becomes null. Follows `typed/remove.go` of
 * structured-merge-diff.
 */
export function removeItems(value: unknown, items: FieldSet, type: MergeType): unknown {
  return walk(value, items, type, false)
}

/** The value with only the fields and items of a set. */
export function extractItems(value: unknown, items: FieldSet, type: MergeType): unknown {
  return walk(value, items, type, true)
}

function walk(value: unknown, items: FieldSet, type: MergeType, extract: boolean): unknown {
  const kind = kindOf(type, value)
  if (kind === 'scalar') return value
  const isEmpty =
    kind === 'map' ? Object.keys(asMap(value) ?? {}).length === 0 : (asList(value) ?? []).length === 0
  if (isEmpty || isAtomic(type, kind)) return extract ? value : null
  return kind === 'map' ? walkMap(asMap(value)!, items, type, extract) : walkList(value, items, type, extract)
}

function walkMap(map: JsonObject, items: FieldSet, type: MergeType, extract: boolean): JsonObject | null {
  const kept: JsonObject = {}
  let found = false
  for (const [name, value] of Object.entries(map)) {
    const element = fieldElement(name)
    const member = hasElement(items, element)
    if (member && !extract) continue
    const inside = below(items, element)
    if (extract && !member && isEmptyFieldSet(inside)) continue
    found = true
    const fieldType = typeOfField(type, name)
    // A member is extracted by the set that it is in, as Kubernetes does, so that only what is atomic in it survives whole.
    const filter = extract && member ? items : inside
    setField(kept, name, isEmptyFieldSet(filter) ? value : walk(value, filter, fieldType, extract))
  }
  return found ? kept : null
}

function walkList(value: unknown, items: FieldSet, type: MergeType, extract: boolean): unknown[] | null {
  const kept: unknown[] = []
  const listType = type as MergeList
  for (const item of asList(value)!) {
    const element = findListItemElement(listType, item)
    const member = element !== undefined && hasElement(items, element)
    const inside = element === undefined ? emptyFieldSet : below(items, element)
    const touched = !isEmptyFieldSet(inside)
    if (extract ? !member && !touched : member) continue
    kept.push(touched ? walk(item, inside, listType.element, extract) : item)
  }
  return kept.length > 0 ? kept : null
}
