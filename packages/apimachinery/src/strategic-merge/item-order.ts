/** The order of the items of a merged list: that of the patch, and among the other items that of the live list. */
import { isJsonObject } from '../json-value.ts'
import { type ItemKind, isDeletion, mergeKeyOf } from './merge-list-items.ts'

/**
 * The items that the patch names in its order, and between them the others in the live order, each before the first
 * item of the patch that follows it in the live list, `normalizeElementOrder`.
 */
export function mergeOrder(
  fromPatch: readonly unknown[],
  others: readonly unknown[],
  patchOrder: readonly unknown[],
  liveOrder: readonly unknown[],
  mergeKey: string,
  kind: ItemKind,
): unknown[] {
  const right = sortByOrder(fromPatch, patchOrder, mergeKey, kind)
  const left = sortByOrder(others, liveOrder, mergeKey, kind)
  const place = placeIn(liveOrder, mergeKey, kind)
  const merged: unknown[] = []
  let next = 0
  for (const item of right) {
    const itemPlace = place(item)
    while (next < left.length && isBefore(place(left[next]), itemPlace)) merged.push(left[next++])
    merged.push(item)
  }
  return merged.concat(left.slice(next))
}

function isBefore(left: number | undefined, right: number | undefined): boolean {
  return left !== undefined && right !== undefined && left < right
}

/**
 * The items in the order of another list, `normalizeSliceOrder`: those that it does not have come first, the last of
 * them before the others, and deletions come last.
 */
export function sortByOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string,
  kind: ItemKind,
): unknown[] {
  let kept = items
  let deletions: readonly unknown[] = []
  if (kind === 'map') {
    for (const item of items) mergeKeyOf(item, mergeKey)
    for (const item of order) mergeKeyOf(item, mergeKey)
    kept = items.filter((item) => !isDeletion(item))
    deletions = items.filter(isDeletion)
  }
  const place = placeIn(order, mergeKey, kind)
  const placed = kept.map((item) => ({ item, place: place(item) }))
  const unknown = placed.filter(({ place }) => place === undefined).reverse()
  const known = placed.filter(({ place }) => place !== undefined).sort((a, b) => a.place! - b.place!)
  return [...unknown, ...known].map(({ item }) => item).concat(deletions)
}

function placeIn(
  order: readonly unknown[],
  mergeKey: string,
  kind: ItemKind,
): (item: unknown) => number | undefined {
  const places = new Map<unknown, number>()
  for (const [index, item] of order.entries()) {
    const key = keyOf(item, mergeKey, kind)
    if (!places.has(key)) places.set(key, index)
  }
  return (item) => places.get(keyOf(item, mergeKey, kind))
}

function keyOf(item: unknown, mergeKey: string, kind: ItemKind): unknown {
  if (kind !== 'map') return item
  return isJsonObject(item) && Object.hasOwn(item, mergeKey) ? item[mergeKey] : null
}
