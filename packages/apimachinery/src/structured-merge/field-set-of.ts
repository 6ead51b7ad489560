import { canonicalNode, emptyFieldSet, type FieldSet, leaf, type MutableFieldSet } from './field-set.ts'
import { findListItemElement } from './list-item.ts'
import type { MergeList, MergeType } from './merge-type.ts'
import { fieldElement } from './path-element.ts'
import { asList, asMap, declaresField, isAtomic, isEmptyMap, kindOf, typeOfField } from './value-kind.ts'

/**
 * The fields that a value mentions, which are those that its applier owns: leaves, items of associative lists and
 * elements of maps; not the structs that hold them. Of duplicate items only the element itself, of items that cannot be
 * identified nothing. Follows `typed/tofieldset.go`.
 */
export function fieldSetOf(value: unknown, type: MergeType): FieldSet {
  return nodeOf(value, type) ?? emptyFieldSet
}

/** The node below the value's element: {@link leaf} for what is owned as a whole, undefined for nothing. */
function nodeOf(value: unknown, type: MergeType): FieldSet | undefined {
  const kind = kindOf(type, value)
  if (isAtomic(type, kind)) return leaf
  if (kind === 'map') return mapNode(value, type)
  return type.kind === 'list' ? listNode(asList(value) ?? [], type) : undefined
}

function mapNode(value: unknown, type: MergeType): FieldSet | undefined {
  const map = asMap(value)
  let node: MutableFieldSet | undefined
  for (const name in map) {
    const field = map[name]
    if (field === undefined) continue
    const child = nodeOf(field, typeOfField(type, name))
    const owned = field === null || isEmptyObject(field) || !declaresField(type, name)
    if (child === undefined && !owned) continue
    node ??= {}
    node[fieldElement(name)] = owned ? canonicalNode(child ?? leaf, true) : child!
  }
  return node && canonicalNode(node, false)
}

function isEmptyObject(value: unknown): boolean {
  const map = asMap(value)
  return map !== undefined && isEmptyMap(map)
}

function listNode(list: readonly unknown[], type: MergeList): FieldSet | undefined {
  if (list.length === 0) return undefined
  const node: MutableFieldSet = {}
  for (const item of list) {
    const element = findListItemElement(type, item)
    if (element === undefined) continue
    const duplicate = node[element] !== undefined
    node[element] = duplicate ? leaf : canonicalNode(nodeOf(item, type.element) ?? leaf, true)
  }
  return canonicalNode(node, false)
}
