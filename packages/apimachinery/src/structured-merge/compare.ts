import { equalJson, getField, type JsonObject } from '../json-value.ts'
import {
  canonicalNode,
  emptyFieldSet,
  type FieldSet,
  leaf,
  type MutableFieldSet,
  unionOfNodes,
} from './field-set.ts'
import { listItemElement } from './list-item.ts'
import type { MergeList, MergeType } from './merge-type.ts'
import { fieldElement, self } from './path-element.ts'
import { isSystemField } from './system-fields.ts'
import { asList, asMap, isAtomic, isEmptyMap, kindOf, typeOfField, type ValueKind } from './value-kind.ts'

/** The fields in which two values differ. No field is in more than one set. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

/**
 * Compares two values of a type; undefined is no value. Duplicates in associative lists are compared as a whole. Throws a
 * MergeError if list items cannot be identified. Follows `typed/compare.go` of structured-merge-diff.
 */
export function compareValues(left: unknown, right: unknown, type: MergeType): Comparison {
  const comparer = new Comparer()
  comparer.compare(left, right, type)
  return comparer.result()
}

/** The nodes of one level of the three sets, each there as soon as it has something in it. */
interface Nodes {
  added?: MutableFieldSet
  modified?: MutableFieldSet
  removed?: MutableFieldSet
}

/**
 * Walks both values at once. What the last `compare` found is in the three fields, undefined where it found nothing,
 * which is what nearly every call does.
 */
export class Comparer {
  added: FieldSet | undefined
  modified: FieldSet | undefined
  removed: FieldSet | undefined

  /** The sets of a comparison of whole values, which themselves no set holds. */
  result(): Comparison {
    return {
      added: withoutRoot(this.added),
      modified: withoutRoot(this.modified),
      removed: withoutRoot(this.removed),
    }
  }

  compare(left: unknown, right: unknown, type: MergeType): void {
    this.take()
    if (left === right) return
    const leftKind = kindOf(type, left)
    const rightKind = kindOf(type, right)
    if (right === undefined) this.#compareAs(leftKind, left, right, type)
    else if (left === undefined || leftKind === rightKind) this.#compareAs(rightKind, left, right, type)
    else this.#compareKinds(leftKind, rightKind, left, right, type)
  }

  /** Makes the nodes what was found; nothing if there are none. */
  take(nodes?: Nodes): void {
    this.added = nodes?.added && canonicalNode(nodes.added, false)
    this.modified = nodes?.modified && canonicalNode(nodes.modified, false)
    this.removed = nodes?.removed && canonicalNode(nodes.removed, false)
  }

  /** Values of different kinds: the field is modified, and what was below goes or comes. */
  #compareKinds(
    leftKind: ValueKind,
    rightKind: ValueKind,
    left: unknown,
    right: unknown,
    type: MergeType,
  ): void {
    this.#compareAs(leftKind, left, right, type)
    const { added, modified, removed } = this
    this.#compareAs(rightKind, left, right, type)
    this.added = joined(this.added, added)
    this.modified = joined(this.modified, modified)
    this.removed = joined(this.removed, removed)
  }

  #compareAs(kind: ValueKind, left: unknown, right: unknown, type: MergeType): void {
    if (kind === 'map') this.#compareMaps(left, right, type)
    else if (kind === 'list') this.#compareLists(left, right, type)
    else this.#compareLeaves(left, right)
  }

  #compareLeaves(left: unknown, right: unknown): void {
    this.take()
    if (left === undefined) this.added = leaf
    else if (right === undefined) this.removed = leaf
    else if (!equalJson(left, right)) this.modified = leaf
  }

  #compareMaps(left: unknown, right: unknown, type: MergeType): void {
    const leftMap = asMap(left)
    const rightMap = asMap(right)
    if (isAtomic(type, 'map') || (isEmptyMap(leftMap) && isEmptyMap(rightMap))) {
      this.#compareLeaves(left, right)
      return
    }
    this.take(this.compareFields(leftMap, rightMap, type))
    this.#markContainer(left, right)
  }

  /** A list or map that comes or goes as a whole is itself among the fields. */
  #markContainer(left: unknown, right: unknown): void {
    if (left === undefined) this.added = canonicalNode(this.added ?? leaf, true)
    else if (right === undefined) this.removed = canonicalNode(this.removed ?? leaf, true)
  }

  /** The fields of two maps; the nodes are not yet in order. */
  compareFields(
    left: JsonObject | undefined,
    right: JsonObject | undefined,
    type: MergeType,
    ignored?: (name: string) => boolean,
  ): Nodes | undefined {
    let nodes: Nodes | undefined
    for (const name in left) {
      const value = left[name]
      if (value === undefined || ignored?.(name)) continue
      const other = right === undefined ? undefined : getField(right, name)
      if (value === other) continue
      this.compare(value, other, typeOfField(type, name))
      nodes = this.collect(nodes, name)
    }
    for (const name in right) {
      const value = right[name]
      if (value === undefined || ignored?.(name)) continue
      if (left !== undefined && getField(left, name) !== undefined) continue
      this.compare(undefined, value, typeOfField(type, name))
      nodes = this.collect(nodes, name)
    }
    return nodes
  }

  /** Takes what the last `compare` found into the nodes of the level above. */
  collect(nodes: Nodes | undefined, name: string): Nodes | undefined {
    const { added, modified, removed } = this
    if (added === undefined && modified === undefined && removed === undefined) return nodes
    return this.#collectElement(nodes ?? {}, fieldElement(name))
  }

  #collectElement(nodes: Nodes, element: string): Nodes {
    if (this.added !== undefined) insert(nodes, 'added', element, this.added)
    if (this.modified !== undefined) insert(nodes, 'modified', element, this.modified)
    if (this.removed !== undefined) insert(nodes, 'removed', element, this.removed)
    return nodes
  }

  #compareLists(left: unknown, right: unknown, type: MergeType): void {
    const leftList = asList(left) ?? []
    const rightList = asList(right) ?? []
    if (type.kind !== 'list' || type.relationship === 'atomic' || leftList.length + rightList.length === 0) {
      this.#compareLeaves(left, right)
      return
    }
    this.take(equalJson(left, right) ? undefined : this.#compareItems(leftList, rightList, type))
    this.#markContainer(left, right)
  }

  #compareItems(left: readonly unknown[], right: readonly unknown[], type: MergeList): Nodes {
    const leftItems = itemsByElement(left, type)
    const rightItems = itemsByElement(right, type)
    const nodes: Nodes = {}
    for (const [element, items] of leftItems) {
      this.#compareItem(nodes, element, items, rightItems.get(element) ?? [], type)
    }
    for (const [element, items] of rightItems) {
      if (!leftItems.has(element)) this.#compareItem(nodes, element, [], items, type)
    }
    return nodes
  }

  /** Items that share their element with others are duplicates, of which only the element itself is tracked. */
  #compareItem(
    nodes: Nodes,
    element: string,
    left: readonly unknown[],
    right: readonly unknown[],
    type: MergeList,
  ): void {
    const duplicatesLeft = left.length > 1
    const duplicatesRight = right.length > 1
    if (duplicatesLeft && duplicatesRight) {
      if (!equalJson(left, right)) insert(nodes, 'modified', element, leaf)
      return
    }
    this.take()
    if (!duplicatesLeft && !duplicatesRight) this.compare(left[0], right[0], type.element)
    else if (duplicatesLeft && right.length > 0) this.compare(undefined, right[0], type.element)
    else if (duplicatesRight && left.length > 0) this.compare(left[0], undefined, type.element)
    this.#collectElement(nodes, element)
    if (duplicatesLeft) insert(nodes, 'removed', element, leaf)
    if (duplicatesRight) insert(nodes, 'added', element, leaf)
  }
}

function itemsByElement(list: readonly unknown[], type: MergeList): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>()
  list.forEach((item, index) => {
    const element = listItemElement(type, item, index)
    const same = items.get(element)
    if (same === undefined) items.set(element, [item])
    else same.push(item)
  })
  return items
}

function insert(nodes: Nodes, set: keyof Nodes, element: string, node: FieldSet): void {
  nodes[set] ??= {}
  nodes[set][element] = joined(nodes[set][element], node)!
}

function joined(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return a === undefined || b === undefined ? (a ?? b) : unionOfNodes(a, b)
}

function withoutRoot(node: FieldSet | undefined): FieldSet {
  if (node === undefined) return emptyFieldSet
  if (node[self] === undefined) return node
  const { [self]: _, ...children } = node
  return children
}

/** Compares two objects of the API in what can be owned: all but the fields of metadata that the system writes. */
export function compareObjects(left: JsonObject, right: JsonObject, type: MergeType): Comparison {
  const comparer = new Comparer()
  let nodes = comparer.compareFields(left, right, type, isMetadata)
  const metadataType = typeOfField(type, 'metadata')
  comparer.take(
    comparer.compareFields(asMap(left.metadata), asMap(right.metadata), metadataType, isSystemField),
  )
  nodes = comparer.collect(nodes, 'metadata')
  comparer.take(nodes)
  return comparer.result()
}

function isMetadata(name: string): boolean {
  return name === 'metadata'
}
