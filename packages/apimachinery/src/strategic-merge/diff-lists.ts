/** The changes between two lists that are merged: `diffLists` of `strategicpatch`. */
import { formatGoValue } from '../go-value.ts'
import { equalJson, type JsonObject, setField } from '../json-value.ts'
import { type DiffOptions, diffObjects } from './diff-objects.ts'
import { patchDirective } from './directives.ts'
import { sortByOrder } from './item-order.ts'
import type { MergeRule } from './lookup.ts'
import { isSameItem, itemKind, mergeKeyOf } from './merge-list-items.ts'

export interface ListDiff {
  /** The items to add and to merge; for objects also those to delete, with a directive. */
  readonly items: readonly unknown[]
  /** The plain values to remove. */
  readonly deletions: readonly unknown[]
  /** The wanted order, empty where it need not be said. */
  readonly order: readonly unknown[]
}

export function diffLists(
  original: readonly unknown[],
  modified: readonly unknown[],
  rule: MergeRule,
  options: DiffOptions,
): ListDiff {
  if (original.length === 0) return { items: options.changes ? modified : [], deletions: [], order: [] }
  const kind = itemKind(original, modified)
  if (kind === 'map') return diffListsOfObjects(original, modified, rule, options)
  const { added, removed } = pairUp(original, modified, (item) => item)
  const items = options.changes ? sortByOrder(added, modified, rule.mergeKey, kind) : []
  const deletions = options.deletions ? [...new Set(removed)] : []
  const isReordered = options.changes && !equalJson(original, modified)
  const hasOrder = options.elementOrder && (deletions.length > 0 || isReordered)
  return { items, deletions, order: hasOrder ? modified : [] }
}

function diffListsOfObjects(
  original: readonly unknown[],
  modified: readonly unknown[],
  { schema, mergeKey, retainKeys }: MergeRule,
  options: DiffOptions,
): ListDiff {
  const { added, removed, pairs } = pairUp(original, modified, (item) => mergeKeyOf(item, mergeKey))
  const changed: unknown[] = options.changes ? added : []
  for (const [before, after] of pairs) {
    const patch = diffObjects(before as JsonObject, after as JsonObject, schema, options, retainKeys)
    if (Object.keys(patch).length === 0) continue
    setField(patch, mergeKey, mergeKeyOf(after, mergeKey))
    changed.push(patch)
  }
  const deletions = options.deletions ? removed.map((item) => deletionOf(item, mergeKey)) : []
  const items = [...sortByOrder(changed, modified, mergeKey, 'map'), ...deletions]
  const isReordered = options.changes && !isSameOrder(original, modified, mergeKey)
  const hasOrder = options.elementOrder && (items.length > 0 || isReordered)
  const order = hasOrder ? modified.map((item) => keyOnly(item, mergeKey)) : []
  return { items, deletions: [], order }
}

function deletionOf(item: unknown, mergeKey: string): JsonObject {
  return { [patchDirective]: 'delete', ...keyOnly(item, mergeKey) }
}

function keyOnly(item: unknown, mergeKey: string): JsonObject {
  const key: JsonObject = {}
  setField(key, mergeKey, mergeKeyOf(item, mergeKey))
  return key
}

function isSameOrder(original: readonly unknown[], modified: readonly unknown[], mergeKey: string): boolean {
  if (original.length !== modified.length) return false
  return modified.every((item, index) => isSameItem(original[index], item, mergeKey))
}

interface Pairing {
  readonly added: unknown[]
  readonly removed: unknown[]
  readonly pairs: [before: unknown, after: unknown][]
}

/** Pairs the items with the same key, as text. Where several have it, they are paired from the last. */
function pairUp(
  original: readonly unknown[],
  modified: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): Pairing {
  const left = sortByKey(original, keyOf)
  const right = sortByKey(modified, keyOf)
  const pairing: Pairing = { added: [], removed: [], pairs: [] }
  let before = 0
  let after = 0
  while (before < left.length || after < right.length) {
    const [leftKey, leftItem] = left[before] ?? []
    const [rightKey, rightItem] = right[after] ?? []
    if (leftKey === rightKey) {
      pairing.pairs.push([leftItem, rightItem])
      before++
      after++
    } else if (leftKey === undefined || (rightKey !== undefined && leftKey > rightKey)) {
      pairing.added.push(rightItem)
      after++
    } else {
      pairing.removed.push(leftItem)
      before++
    }
  }
  return pairing
}

function sortByKey(
  list: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): (readonly [key: string, item: unknown])[] {
  const keyed = list.toReversed().map((item) => [formatGoValue(keyOf(item)), item] as const)
  return keyed.sort(([a], [b]) => (a === b ? 0 : a < b ? -1 : 1))
}
