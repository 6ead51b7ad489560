import { type FieldSet, isEmptyFieldSet, leaf, type MutableFieldSet } from './field-set.ts'
import type { MergeType } from './merge-type.ts'
import { self } from './path-element.ts'

/**
 * A set as it is under today's type: what has become atomic is owned as a whole by who owned a part of it. What has become
 * granular stays with who owned the whole. Follows `typed/reconcile_schema.go`.
 */
export function reconcileFieldSet(set: FieldSet, type: MergeType): FieldSet {
  let result: MutableFieldSet | undefined
  for (const element in set) {
    const node = set[element]!
    if (element === self || isEmptyFieldSet(node)) continue
    const child = typeBelow(type, element)
    if (child === undefined) continue
    const reconciled = isOwnedAsWhole(child) ? leaf : reconcileFieldSet(node, child)
    if (reconciled === node) continue
    result ??= { ...set }
    result[element] = reconciled
  }
  return result ?? set
}

function typeBelow(type: MergeType, element: string): MergeType | undefined {
  if (type.kind === 'map') return element.startsWith('f:') ? type.field(element.slice(2)) : undefined
  return type.kind === 'list' ? type.element : undefined
}

function isOwnedAsWhole(type: MergeType): boolean {
  switch (type.kind) {
    case 'untyped':
      return type.atomic === true
    case 'scalar':
      return false
    default:
      return type.relationship === 'atomic'
  }
}
