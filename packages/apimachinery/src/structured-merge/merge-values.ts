import { getField, type JsonObject, setField } from '../json-value.ts'
import { listItemElement } from './list-item.ts'
import type { MergeList, MergeType } from './merge-type.ts'
import { asList, asMap, isAtomic, isEmptyMap, kindOf, typeOfField } from './value-kind.ts'

/**
 * `left` with what `right` sets: its leaves, its items, and the order of its items where it changes a list. Nothing is
 * removed. Undefined is no value. The result shares what it can with both and is `left` itself if nothing changes. `right`
 * must have no duplicate items; of those in `left` none is merged with. Throws a MergeError if items cannot be identified.
 * Follows `typed/merge.go` of structured-merge-diff.
 */
export function mergeValues(left: unknown, right: unknown, type: MergeType): unknown {
  if (right === undefined || left === right) return left
  if (left === undefined) return right
  const kind = kindOf(type, right)
  if (isAtomic(type, kind)) return right
  return kind === 'map' ? mergeMaps(left, right, type) : mergeLists(left, right, type as MergeList)
}

/** An empty map and null say different things, and so are taken from the right, but they cannot empty a map. */
function mergeMaps(left: unknown, right: unknown, type: MergeType): unknown {
  const leftMap = asMap(left)
  const rightMap = asMap(right)
  if (isEmptyMap(leftMap)) return right
  if (isEmptyMap(rightMap)) return left
  let merged: JsonObject | undefined
  for (const name in rightMap) {
    const old = getField(leftMap!, name)
    const value = mergeValues(old, rightMap[name], typeOfField(type, name))
    if (value === old) continue
    merged ??= { ...leftMap }
    setField(merged, name, value)
  }
  return merged ?? left
}

function mergeLists(left: unknown, right: unknown, type: MergeList): unknown {
  const leftList = asList(left) ?? []
  const rightList = asList(right) ?? []
  if (leftList.length === 0) return right
  if (rightList.length === 0) return left
  const merged = mergeItems(leftList, rightList, type)
  const same = merged.length === leftList.length && merged.every((item, index) => item === leftList[index])
  return same ? left : merged
}

/**
 * What both have comes in the order of `right`. An item that only `left` has comes when those before it in `left` have come
 * or are passed over, which they are when `right` has them, but not next.
 */
function mergeItems(left: readonly unknown[], right: readonly unknown[], type: MergeList): unknown[] {
  const leftElements = left.map((item, index) => listItemElement(type, item, index))
  const rightElements = right.map((item, index) => listItemElement(type, item, index))
  const leftItems = itemsToMergeWith(left, leftElements)
  const rightItems = new Set(rightElements)
  const shared = rightElements.filter((element) => leftItems.has(element))
  const done = new Set<string>()
  const merged: unknown[] = []
  let nextShared = 0
  let leftIndex = 0
  let rightIndex = 0
  const takeRight = (element: string) => {
    done.add(element)
    merged.push(mergeValues(leftItems.get(element), right[rightIndex++], type.element))
  }
  while (leftIndex < left.length || rightIndex < right.length) {
    const mine = leftElements[leftIndex]
    const theirs = rightElements[rightIndex]
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        takeRight(theirs)
        leftIndex++
        nextShared++
        continue
      }
      const awaited = shared[nextShared]
      if (rightItems.has(mine) && awaited !== undefined && awaited !== mine) {
        leftIndex++
        continue
      }
    }
    if (mine !== undefined) {
      if (!rightItems.has(mine)) {
        merged.push(left[leftIndex++])
        continue
      }
      if (done.has(mine)) leftIndex++
    }
    if (theirs !== undefined) {
      takeRight(theirs)
      if (shared[nextShared] === theirs) nextShared++
    }
  }
  return merged
}

/** The items by element. With a duplicate nothing is merged: null gives way to whatever it is merged with. */
function itemsToMergeWith(list: readonly unknown[], elements: readonly string[]): Map<string, unknown> {
  const items = new Map<string, unknown>()
  elements.forEach((element, index) => {
    items.set(element, items.has(element) ? null : list[index])
  })
  return items
}
