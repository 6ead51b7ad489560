import { equalJson, getField, type JsonObject } from '../json-value.ts'
import type { Unstructured } from '../meta.ts'
import { emptyFieldSet, type FieldSet, leaf } from '../structured-merge/field-set.ts'
import { listItemElement } from '../structured-merge/list-item.ts'
import type { MergeList, MergeType } from '../structured-merge/merge-type.ts'
import { isSystemField } from '../structured-merge/system-fields.ts'
import { asMap, isAtomic, isEmptyMap, kindOf, typeOfField } from '../structured-merge/value-kind.ts'
import { type Container, OwnershipPlan, type Step } from './ownership-plan.ts'

/**
 * The fields that the creator of an object owns: all that it adds to `empty`, which is what the object was before, without
 * system fields. The same set as that of a comparison of the two, at a fraction of its cost: objects of a kind mostly
 * have the same fields, and types remember the sets that they gave ({@link OwnershipPlan}).
 */
export function ownedAtCreation(
  object: Unstructured,
  empty: Unstructured | undefined,
  type: MergeType,
): FieldSet {
  return ownedFields(object, empty, OwnershipPlan.of(type), 'root') ?? emptyFieldSet
}

/** The fields of an object, of its metadata, or of any map. */
function ownedFields(
  map: JsonObject,
  empty: JsonObject | undefined,
  plan: OwnershipPlan,
  container: Container,
): FieldSet | undefined {
  let step = plan.start(container)
  for (const name in map) {
    const value = map[name]
    if (value === undefined) continue
    const { recent } = step
    const fieldPlan = recent?.name === name ? recent.plan : planOfField(plan.type, name, container)
    const node = fieldPlan && ownedField(name, value, empty && getField(empty, name), fieldPlan, container)
    step = recent?.name === name && recent.node === node ? recent : plan.next(step, name, node, fieldPlan)
  }
  return plan.set(step)
}

/** Undefined for a field that cannot be owned. */
function planOfField(type: MergeType, name: string, container: Container): OwnershipPlan | undefined {
  if (container === 'root' && (name === 'apiVersion' || name === 'kind')) return undefined
  if (container === 'metadata' && isSystemField(name)) return undefined
  return OwnershipPlan.of(typeOfField(type, name))
}

function ownedField(
  name: string,
  value: unknown,
  empty: unknown,
  plan: OwnershipPlan,
  container: Container,
): FieldSet | undefined {
  if (container === 'root' && name === 'metadata') {
    return ownedFields(asMap(value) ?? {}, asMap(empty), plan, 'metadata')
  }
  return ownedValue(value, empty, plan)
}

function ownedValue(value: unknown, empty: unknown, plan: OwnershipPlan): FieldSet | undefined {
  const { type } = plan
  const kind = kindOf(type, value)
  if (kind === 'scalar' || isAtomic(type, kind)) return ownedLeaf(value, empty)
  if (kind === 'map') return ownedMap(value, empty, plan)
  return Array.isArray(value) && value.length > 0
    ? ownedItems(value, empty, plan, type as MergeList)
    : ownedLeaf(value, empty)
}

function ownedLeaf(value: unknown, empty: unknown): FieldSet | undefined {
  return empty !== undefined && equalJson(value, empty) ? undefined : leaf
}

function ownedMap(value: unknown, empty: unknown, plan: OwnershipPlan): FieldSet | undefined {
  const map = asMap(value)
  const emptyMap = asMap(empty)
  if (isEmptyMap(map) && isEmptyMap(emptyMap)) return ownedLeaf(value, empty)
  return ownedFields(map ?? {}, emptyMap, plan, empty === undefined ? 'new' : 'known')
}

/** Before, a list is not there, null or empty: its items are all new. */
function ownedItems(
  list: readonly unknown[],
  empty: unknown,
  plan: OwnershipPlan,
  type: MergeList,
): FieldSet | undefined {
  const itemPlan = OwnershipPlan.of(type.element)
  let step: Step = plan.start(empty === undefined ? 'new' : 'known')
  for (let index = 0; index < list.length; index++) {
    const element = listItemElement(type, list[index], index)
    step = plan.next(step, element, ownedValue(list[index], undefined, itemPlan), itemPlan)
  }
  return plan.set(step)
}
