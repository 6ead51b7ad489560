import { equalJson, getField, type JsonObject } from '../json-value.ts'
import type { Unstructured } from '../meta.ts'
import { emptyFieldSet, type FieldSet, leaf, type MutableFieldSet } from '../structured-merge/field-set.ts'
import { listItemElement } from '../structured-merge/list-item.ts'
import type { MergeList, MergeType } from '../structured-merge/merge-type.ts'
import { compareElements, fieldElement, self } from '../structured-merge/path-element.ts'
import { isSystemField } from '../structured-merge/system-fields.ts'
import { asMap, isAtomic, isEmptyMap, kindOf, typeOfField } from '../structured-merge/value-kind.ts'

/**
 * The fields that the creator of an object owns: all that it adds to `empty`, which is what the object was before, without
 * system fields. The same set as that of a comparison of the two, at a fraction of its cost: objects of a kind mostly
 * have the same fields, so that each type remembers the last set that it gave and mostly gives it again.
 */
export function ownedAtCreation(
  object: Unstructured,
  empty: Unstructured | undefined,
  type: MergeType,
): FieldSet {
  return ownedFields(object, empty, planOf(type), 'root') ?? emptyFieldSet
}

/**
 * What a container is to the set: a new one is itself among the fields, one that was there before, even as null, is not.
 * Nor are the object and its metadata, of which some fields cannot be owned.
 */
type Container = 'root' | 'metadata' | 'new' | 'known'

/** A type with the last set that its values gave, so that the same need not be built again. */
interface Plan {
  readonly type: MergeType
  last?: Shape
}

/** The names of a container's fields or the elements of its items, in its own order, and what is made of each. */
interface Shape {
  readonly container: Container
  readonly names: readonly string[]
  readonly nodes: readonly (FieldSet | undefined)[]
  /** How each field is looked at. Undefined for those that cannot be owned. */
  readonly plans: readonly (Plan | undefined)[]
  readonly set: FieldSet | undefined
}

const plans = new WeakMap<MergeType, Plan>()

function planOf(type: MergeType): Plan {
  let plan = plans.get(type)
  if (plan === undefined) {
    plan = { type }
    plans.set(type, plan)
  }
  return plan
}

/** The fields of an object, of its metadata, or of any map. Follows the last shape for as long as it fits. */
function ownedFields(
  map: JsonObject,
  empty: JsonObject | undefined,
  plan: Plan,
  container: Container,
): FieldSet | undefined {
  const last = plan.last?.container === container ? plan.last : undefined
  let shape: MutableShape | undefined
  let size = 0
  for (const name in map) {
    const value = map[name]
    if (value === undefined) continue
    const fits = shape === undefined && last !== undefined && last.names[size] === name
    const fieldPlan = fits ? last.plans[size] : planOfField(plan.type, name, container)
    const node = fieldPlan && ownedField(name, value, empty && getField(empty, name), fieldPlan, container)
    if (!fits || last.nodes[size] !== node) {
      shape ??= startOf(last, size)
      add(shape, name, node, fieldPlan)
    }
    size++
  }
  if (shape === undefined && last?.names.length === size) return last.set
  return remember(plan, container, shape ?? startOf(last, size), fieldElement)
}

/** Undefined for a field that cannot be owned. */
function planOfField(type: MergeType, name: string, container: Container): Plan | undefined {
  if (container === 'root' && (name === 'apiVersion' || name === 'kind')) return undefined
  if (container === 'metadata' && isSystemField(name)) return undefined
  return planOf(typeOfField(type, name))
}

function ownedField(
  name: string,
  value: unknown,
  empty: unknown,
  plan: Plan,
  container: Container,
): FieldSet | undefined {
  if (container === 'root' && name === 'metadata') {
    return ownedFields(asMap(value) ?? {}, asMap(empty), plan, 'metadata')
  }
  return ownedValue(value, empty, plan)
}

function ownedValue(value: unknown, empty: unknown, plan: Plan): FieldSet | undefined {
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

function ownedMap(value: unknown, empty: unknown, plan: Plan): FieldSet | undefined {
  const map = asMap(value)
  const emptyMap = asMap(empty)
  if (isEmptyMap(map) && isEmptyMap(emptyMap)) return ownedLeaf(value, empty)
  return ownedFields(map ?? {}, emptyMap, plan, empty === undefined ? 'new' : 'known')
}

/** Before, a list is not there, null or empty: its items are all new. */
function ownedItems(
  list: readonly unknown[],
  empty: unknown,
  plan: Plan,
  type: MergeList,
): FieldSet | undefined {
  const container = empty === undefined ? 'new' : 'known'
  const last = plan.last?.container === container ? plan.last : undefined
  const itemPlan = planOf(type.element)
  let shape: MutableShape | undefined
  for (let index = 0; index < list.length; index++) {
    const element = listItemElement(type, list[index], index)
    const node = ownedValue(list[index], undefined, itemPlan)
    if (shape === undefined && last?.names[index] === element && last.nodes[index] === node) continue
    shape ??= startOf(last, index)
    add(shape, element, node, itemPlan)
  }
  if (shape === undefined && last?.names.length === list.length) return last.set
  return remember(plan, container, shape ?? startOf(last, list.length), (element) => element)
}

interface MutableShape {
  readonly names: string[]
  readonly nodes: (FieldSet | undefined)[]
  readonly plans: (Plan | undefined)[]
}

function startOf(last: Shape | undefined, size: number): MutableShape {
  if (last === undefined) return { names: [], nodes: [], plans: [] }
  return {
    names: last.names.slice(0, size),
    nodes: last.nodes.slice(0, size),
    plans: last.plans.slice(0, size),
  }
}

function add(shape: MutableShape, name: string, node: FieldSet | undefined, plan: Plan | undefined): void {
  shape.names.push(name)
  shape.nodes.push(node)
  shape.plans.push(plan)
}

/** The set of a shape, which is the last one from now on. */
function remember(
  plan: Plan,
  container: Container,
  shape: MutableShape,
  elementOf: (name: string) => string,
): FieldSet | undefined {
  const set = assemble(shape, container === 'new', elementOf)
  plan.last = { ...shape, container, set }
  return set
}

/** Frozen, since many objects share it. */
function assemble(
  { names, nodes }: MutableShape,
  isNew: boolean,
  elementOf: (name: string) => string,
): FieldSet | undefined {
  const found = new Map<string, FieldSet>()
  for (let index = 0; index < names.length; index++) {
    const node = nodes[index]
    if (node === undefined) continue
    const element = elementOf(names[index]!)
    // Of duplicate items only the element itself is tracked.
    found.set(element, found.has(element) ? leaf : node)
  }
  if (found.size === 0) return isNew ? leaf : undefined
  const set: MutableFieldSet = isNew ? { [self]: leaf } : {}
  for (const element of [...found.keys()].sort(compareElements)) set[element] = found.get(element)!
  return Object.freeze(set)
}
