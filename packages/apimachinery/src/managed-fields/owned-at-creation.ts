import { equalJson, getField, type JsonObject } from '../json-value.ts'
import type { Unstructured } from '../meta.ts'
import { shareJson } from '../shared-json.ts'
import { emptyFieldSet, type FieldSet, leaf, type MutableFieldSet } from '../structured-merge/field-set.ts'
import { listItemElement } from '../structured-merge/list-item.ts'
import type { MergeList, MergeType } from '../structured-merge/merge-type.ts'
import { compareElements, fieldElement, self } from '../structured-merge/path-element.ts'
import { isSystemField } from '../structured-merge/system-fields.ts'
import { asList, asMap, isAtomic, isEmptyMap, kindOf, typeOfField } from '../structured-merge/value-kind.ts'

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
  const collector = new Collector(type, 'root')
  for (const name in object) {
    const value = object[name]
    if (value === undefined || name === 'apiVersion' || name === 'kind') continue
    const child =
      name === 'metadata'
        ? ownedMetadata(asMap(value) ?? {}, asMap(empty?.metadata), typeOfField(type, name))
        : ownedValue(value, empty && getField(empty, name), typeOfField(type, name))
    collector.add(name, child)
  }
  return shareJson(collector.set() ?? emptyFieldSet)
}

function ownedMetadata(
  metadata: JsonObject,
  empty: JsonObject | undefined,
  type: MergeType,
): FieldSet | undefined {
  const collector = new Collector(type, 'root')
  for (const name in metadata) {
    const value = metadata[name]
    if (value === undefined || isSystemField(name)) continue
    collector.add(name, ownedValue(value, empty && getField(empty, name), typeOfField(type, name)))
  }
  return collector.set()
}

function ownedValue(value: unknown, empty: unknown, type: MergeType): FieldSet | undefined {
  const kind = kindOf(type, value)
  if (!isAtomic(type, kind)) {
    if (kind === 'map') return ownedMap(value, empty, type)
    if (type.kind === 'list') return ownedList(value, empty, type)
  }
  return ownedLeaf(value, empty)
}

function ownedLeaf(value: unknown, empty: unknown): FieldSet | undefined {
  return empty !== undefined && equalJson(value, empty) ? undefined : leaf
}

function ownedMap(value: unknown, empty: unknown, type: MergeType): FieldSet | undefined {
  const map = asMap(value)
  const emptyMap = asMap(empty)
  if (isEmptyMap(map) && isEmptyMap(emptyMap)) return ownedLeaf(value, empty)
  const collector = new Collector(type, empty === undefined ? 'new' : 'known')
  for (const name in map) {
    const field = map[name]
    if (field === undefined) continue
    collector.add(name, ownedValue(field, emptyMap && getField(emptyMap, name), typeOfField(type, name)))
  }
  return collector.set()
}

/** A list is not there, null or empty before: its items are all new. */
function ownedList(value: unknown, empty: unknown, type: MergeList): FieldSet | undefined {
  const list = asList(value)
  if (list === undefined || list.length === 0) return ownedLeaf(value, empty)
  const collector = new Collector(type, empty === undefined ? 'new' : 'known')
  for (let index = 0; index < list.length; index++) {
    const element = listItemElement(type, list[index], index)
    collector.add(element, ownedValue(list[index], undefined, type.element))
  }
  return collector.set()
}

/** Whether the container was there before: if it is new it is itself among the fields. A root never is. */
type Container = 'root' | 'new' | 'known'

/** What a type gave last: the set, and the names and nodes it is made of, in the order of the value. */
interface Shape {
  readonly container: Container
  readonly names: readonly string[]
  readonly nodes: readonly (FieldSet | undefined)[]
  readonly set: FieldSet | undefined
}

const lastShapes = new WeakMap<MergeType, Shape>()

/** Collects the nodes of one container, and nothing at all as long as they are those of the last time. */
class Collector {
  readonly #type: MergeType
  readonly #container: Container
  readonly #last: Shape | undefined
  #size = 0
  #names: string[] | undefined
  #nodes: (FieldSet | undefined)[] | undefined

  constructor(type: MergeType, container: Container) {
    this.#type = type
    this.#container = container
    const last = lastShapes.get(type)
    this.#last = last?.container === container ? last : undefined
  }

  /** Adds a field or, for a list, an item by its element. An undefined node is not owned. */
  add(name: string, node: FieldSet | undefined): void {
    const last = this.#last
    const index = this.#size++
    if (this.#names === undefined) {
      if (last !== undefined && last.names[index] === name && last.nodes[index] === node) return
      this.#startOver(index)
    }
    this.#names!.push(name)
    this.#nodes!.push(node)
  }

  #startOver(size: number): void {
    this.#names = this.#last?.names.slice(0, size) ?? []
    this.#nodes = this.#last?.nodes.slice(0, size) ?? []
  }

  /** The node of the container, undefined if nothing of it is owned. */
  set(): FieldSet | undefined {
    if (this.#names === undefined) {
      if (this.#last?.names.length === this.#size) return this.#last.set
      this.#startOver(this.#size)
    }
    const names = this.#names!
    const nodes = this.#nodes!
    const set = this.#assemble(names, nodes)
    lastShapes.set(this.#type, { container: this.#container, names, nodes, set })
    return set
  }

  #assemble(names: readonly string[], nodes: readonly (FieldSet | undefined)[]): FieldSet | undefined {
    const isList = this.#type.kind === 'list'
    const found: MutableFieldSet = {}
    names.forEach((name, index) => {
      const node = nodes[index]
      const element = isList ? name : fieldElement(name)
      // Of duplicate items only the element itself is tracked. An item is always new, and so in the set with its parts.
      if (node !== undefined) found[element] = found[element] === undefined ? node : leaf
    })
    const elements = Object.keys(found)
    const set: MutableFieldSet = {}
    if (this.#container === 'new') set[self] = leaf
    else if (elements.length === 0) return undefined
    for (const element of elements.sort(compareElements)) set[element] = found[element]!
    return elements.length === 0 ? leaf : Object.freeze(set)
  }
}
