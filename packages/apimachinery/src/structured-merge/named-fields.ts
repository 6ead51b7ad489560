import { canonicalNode, type FieldSet, isEmptyFieldSet, type MutableFieldSet } from './field-set.ts'
import type { MergeType } from './merge-type.ts'
import { self } from './path-element.ts'
import { declaresField } from './value-kind.ts'

/**
 * The set with the fields of structs that have something in it below them, which are never among what an applier
 * owns. `EnsureNamedFieldsAreMembers` of `fieldpath/set.go`.
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  if (type === undefined) return set
  let result: MutableFieldSet | undefined
  for (const element in set) {
    const node = set[element]!
    if (element === self || isEmptyFieldSet(node)) continue
    const isField = element.startsWith('f:')
    const child = withNamedFields(node, typeBelow(type, element, isField))
    const named = isField && declaresField(type, element.slice(2)) ? canonicalNode(child, true) : child
    if (named === node) continue
    result ??= { ...set }
    result[element] = named
  }
  return result ?? set
}

function typeBelow(type: MergeType, element: string, isField: boolean): MergeType | undefined {
  if (isField) return type.kind === 'map' ? type.field(element.slice(2)) : undefined
  return type.kind === 'list' && element.startsWith('k:') ? type.element : undefined
}
