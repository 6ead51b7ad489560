import type { MergeList, MergeMap, MergeType, MergeUntyped } from '@k1s/apimachinery'

export const untyped: MergeUntyped = { kind: 'untyped' }

export const untypedAtomic: MergeUntyped = { kind: 'untyped', atomic: true }

/** A map whose elements all have one type. */
export function elementMap(relationship: 'granular' | 'atomic', element: MergeType): MergeMap {
  return { kind: 'map', relationship, field: () => element, declares: () => false }
}

/** A list of type `map` with its keys, and what they are in items without them. */
export function withKeyDefaults(
  list: MergeList,
  keys: readonly string[],
  defaultOf: (key: string) => unknown,
): MergeList {
  const defaults = keys.map((key) => [key, defaultOf(key)] as const)
  const known = defaults.filter(([, value]) => value !== undefined && value !== null)
  return { ...list, keys, ...(known.length > 0 && { keyDefaults: Object.fromEntries(known) }) }
}
