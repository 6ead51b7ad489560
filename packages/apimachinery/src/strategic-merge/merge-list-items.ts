/** The items of lists that are merged: their kind, their keys and their order. */
import { formatGoValue } from '../go-value.ts'
import { getField, isJsonObject, type JsonObject } from '../json-value.ts'
import { patchDirective } from './directives.ts'
import { expectedObject, listOfLists, noMergeKey, StrategicMergeError } from './strategic-merge-error.ts'

export type ItemKind = 'map' | 'string' | 'bool' | 'int64' | 'float64'

/** The kind that all items of the lists have, `sliceElementType`. Throws if they differ, or if there are none. */
export function itemKind(...lists: readonly (readonly unknown[])[]): ItemKind {
  let kind: ItemKind | undefined
  for (const list of lists) {
    for (const item of list) {
      if (kind === undefined && Array.isArray(item)) throw listOfLists()
      const itemKind = kindOf(item)
      kind ??= itemKind
      if (itemKind === undefined || itemKind !== kind) {
        throw new StrategicMergeError(`list element types are not identical: ${formatGoValue(lists)}`)
      }
    }
  }
  if (kind === undefined) throw new StrategicMergeError('no elements in any of the given slices')
  return kind
}

function kindOf(item: unknown): ItemKind | undefined {
  if (isJsonObject(item)) return 'map'
  switch (typeof item) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(item) ? 'int64' : 'float64'
    default:
      return undefined
  }
}

/** The value of an item's merge key; throws if the item is no object or has none. */
export function mergeKeyOf(item: unknown, mergeKey: string): unknown {
  if (!isJsonObject(item)) throw expectedObject(item)
  if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
  return item[mergeKey]
}

/** Whether two items are for the same thing: objects by their merge key, plain values by themselves. */
export function isSameItem(left: unknown, right: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return left === right
  return mergeKeyOf(left, mergeKey) === mergeKeyOf(right, mergeKey)
}

export function isDeletion(item: unknown): boolean {
  return isJsonObject(item) && getField(item, patchDirective) === 'delete'
}

/** The indices of a list's objects by merge key, the first of equal ones. */
export class MergeKeyIndex {
  readonly #indices = new Map<unknown, number>()
  /** The first item that is no object, behind which nothing is found. */
  readonly #broken: number

  constructor(list: readonly unknown[], mergeKey: string) {
    const broken = list.findIndex((item) => !isJsonObject(item))
    this.#broken = broken
    for (const [index, item] of (broken < 0 ? list : list.slice(0, broken)).entries()) {
      const object = item as JsonObject
      if (Object.hasOwn(object, mergeKey)) this.add(object[mergeKey], index)
    }
  }

  add(key: unknown, index: number): void {
    if (!this.#indices.has(key)) this.#indices.set(key, index)
  }

  find(key: unknown): number | undefined {
    const index = this.#indices.get(key)
    if (index === undefined && this.#broken >= 0) {
      throw new StrategicMergeError(`value for key ${this.#broken} is not a map`)
    }
    return index
  }
}

/** The items that a list of wanted ones names, and the others, each in the order they have. */
export function partition(
  items: readonly unknown[],
  wanted: readonly unknown[],
  mergeKey: string,
): [named: unknown[], others: unknown[]] {
  const named: unknown[] = []
  const others: unknown[] = []
  const values = new Set(mergeKey === '' ? wanted : [])
  const index = mergeKey === '' ? undefined : new MergeKeyIndex(wanted, mergeKey)
  for (const item of items) {
    const isNamed =
      index === undefined ? values.has(item) : index.find(mergeKeyOf(item, mergeKey)) !== undefined
    ;(isNamed ? named : others).push(item)
  }
  return [named, others]
}
