/** Merging of lists: `mergeSlice` of `strategicpatch`. */
import { isJsonObject, type JsonObject } from '../json-value.ts'
import { patchDirective } from './directives.ts'
import { mergeOrder } from './item-order.ts'
import type { MergeRule } from './lookup.ts'
import { itemKind, MergeKeyIndex, mergeKeyOf, partition } from './merge-list-items.ts'
import { type MergeTarget, mergeObjects } from './merge-objects.ts'
import type { PatchSchema } from './patch-schema.ts'
import { badPatchDirective, badPrimitiveListFormat, StrategicMergeError } from './strategic-merge-error.ts'

/** The list that the patch replaces, or merged with it item by item where the field's strategy is `merge`. */
export function mergeLists(
  live: readonly unknown[],
  patch: readonly unknown[],
  { schema, strategy, mergeKey }: MergeRule,
  target: MergeTarget,
): readonly unknown[] {
  if (strategy !== 'merge') return patch
  if (live.length === 0 && patch.length === 0) return live
  const kind = itemKind(live, patch)
  if (kind !== 'map') {
    const [named, others] = partition([...new Set([...live, ...patch])], patch, mergeKey)
    return mergeOrder(named, others, patch, live, mergeKey, kind)
  }
  if (mergeKey === '') {
    throw new StrategicMergeError(`cannot merge lists without merge key for ${schema.kind}`)
  }
  const [kept, changes] = applyItemDirectives(live, patch, mergeKey)
  const merged = mergeItems(kept, changes, mergeKey, schema, target)
  const [named, others] = partition(merged, changes, mergeKey)
  return mergeOrder(named, others, changes, kept, mergeKey, kind)
}

export function removeFromList(live: readonly unknown[], values: readonly unknown[]): readonly unknown[] {
  if (live.length === 0 && values.length === 0) return live
  if (itemKind(live, values) === 'map') throw badPrimitiveListFormat()
  const removed = new Set(values)
  return live.filter((item) => !removed.has(item))
}

/** Deletes the items of the live list that the patch deletes. A `replace` makes a list of the patch's other items. */
function applyItemDirectives(
  live: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): [kept: readonly unknown[], changes: readonly JsonObject[]] {
  const changes: JsonObject[] = []
  const deleted = new Set<unknown>()
  let replace = false
  for (const item of patch as readonly JsonObject[]) {
    if (!Object.hasOwn(item, patchDirective)) {
      changes.push(item)
      continue
    }
    const directive = item[patchDirective]
    if (directive === 'delete') deleted.add(mergeKeyOf(item, mergeKey))
    else if (directive === 'replace') replace = true
    else if (directive === 'merge') {
      throw new StrategicMergeError('merging lists cannot yet be specified in the patch')
    } else throw badPatchDirective(directive, item)
  }
  if (replace) return [changes, []]
  if (deleted.size === 0) return [live, changes]
  return [live.filter((item) => !isJsonObject(item) || !hasKeyIn(item, mergeKey, deleted)), changes]
}

function hasKeyIn(item: JsonObject, mergeKey: string, keys: ReadonlySet<unknown>): boolean {
  return Object.hasOwn(item, mergeKey) && keys.has(item[mergeKey])
}

function mergeItems(
  live: readonly unknown[],
  changes: readonly JsonObject[],
  mergeKey: string,
  schema: PatchSchema,
  target: MergeTarget,
): unknown[] {
  const merged = [...live]
  const index = new MergeKeyIndex(live, mergeKey)
  for (const change of changes) {
    const key = mergeKeyOf(change, mergeKey)
    const at = index.find(key)
    if (at === undefined) index.add(key, merged.push(change) - 1)
    else merged[at] = mergeObjects(merged[at] as JsonObject, change, schema, target)
  }
  return merged
}
