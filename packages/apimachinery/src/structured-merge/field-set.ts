/**
 * Sets of fields, in the very form in which they are stored: FieldsV1. A set is a tree of path elements; an element
 * without children is in the set, one with children is so if it has the child `.`. The elements of a node are always
 * in canonical order. Sets are never changed: operations return new ones, which share what they can with the old
 * ones, and return their first operand itself where the result is the same.
 *
 * Semantics follow `fieldpath/set.go` of structured-merge-diff.
 */
import { compareElements, fieldElement, formatElement, self } from './path-element.ts'

export interface FieldSet {
  readonly [element: string]: FieldSet
}

export type MutableFieldSet = { [element: string]: FieldSet }

/** Below an element: the element and nothing below it. As a whole set: nothing. */
export const leaf: FieldSet = Object.freeze({})

export const emptyFieldSet: FieldSet = leaf

/** True for the set without fields. */
export function isEmptyFieldSet(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** Whether the element that a node stands for is in the set. */
function isMember(node: FieldSet): boolean {
  return node[self] !== undefined || isEmptyFieldSet(node)
}

/** The same elements in canonical order, with itself as the first of them if `member`. */
export function canonicalNode(node: FieldSet, member: boolean): FieldSet {
  if (member && node[self] === undefined) {
    return isEmptyFieldSet(node) ? leaf : inOrder({ [self]: leaf, ...node })
  }
  return inOrder(node)
}

function inOrder(node: FieldSet): FieldSet {
  let previous: string | undefined
  for (const element in node) {
    if (previous !== undefined && compareElements(previous, element) > 0) return sorted(node)
    previous = element
  }
  return node
}

function sorted(node: FieldSet): FieldSet {
  const result: MutableFieldSet = {}
  for (const element of Object.keys(node).sort(compareElements)) result[element] = node[element]!
  return result
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptyFieldSet(b)) return a
  return isEmptyFieldSet(a) ? b : unionOfNodes(a, b)
}

/** The union of two nodes below the same element, where an empty one is the element itself and not nothing. */
export function unionOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  if (isEmptyFieldSet(b)) return canonicalNode(a, true)
  if (isEmptyFieldSet(a)) return canonicalNode(b, true)
  let result: MutableFieldSet | undefined
  let grown = false
  for (const element in b) {
    const mine = a[element]
    const both = mine === undefined ? b[element]! : unionOfNodes(mine, b[element]!)
    if (both === mine) continue
    if (mine === undefined) grown = true
    result ??= { ...a }
    result[element] = both
  }
  if (result === undefined) return a
  return grown ? inOrder(result) : result
}

/** The fields of both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  return keep(a, (node, element) => {
    if (element === self) return isMember(b) ? node : undefined
    const other = b[element]
    if (other === undefined) return undefined
    if (isEmptyFieldSet(node)) return isMember(other) ? node : undefined
    return asNode(intersection(node, other))
  })
}

/**
 * The fields of `a` that are not in `b`. A field does not go with its parent: that is what
 * {@link recursiveDifference} is for.
 */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return isEmptyFieldSet(b) ? a : differenceOfNodes(a, b)
}

function differenceOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  return keep(a, (node, element) => {
    if (element === self) return isMember(b) ? undefined : node
    const other = b[element]
    if (other === undefined) return node
    if (isEmptyFieldSet(node)) return isMember(other) ? undefined : node
    return asNode(differenceOfNodes(node, other))
  })
}

/** The fields of `a` that are neither in `b` nor below a field of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return keep(a, (node, element) => {
    const other = b[element]
    if (other === undefined || element === self) return node
    return isMember(other) ? undefined : asNode(recursiveDifference(node, other), isEmptyFieldSet(node))
  })
}

/** What is left of a node, as its parent holds it; undefined if it is nothing. */
function asNode(rest: FieldSet, wasLeaf = false): FieldSet | undefined {
  let only: string | undefined
  for (const element in rest) {
    if (only !== undefined) return rest
    only = element
  }
  if (only === undefined) return wasLeaf ? rest : undefined
  return only === self ? leaf : rest
}

/** What `choose` makes of each element, in the same order; the set itself if it changes nothing. */
function keep(set: FieldSet, choose: (node: FieldSet, element: string) => FieldSet | undefined): FieldSet {
  let result: MutableFieldSet | undefined
  for (const element in set) {
    const node = set[element]!
    const chosen = choose(node, element)
    if (chosen === node) {
      if (result !== undefined) result[element] = node
      continue
    }
    result ??= before(set, element)
    if (chosen !== undefined) result[element] = chosen
  }
  return result ?? set
}

function before(set: FieldSet, end: string): MutableFieldSet {
  const result: MutableFieldSet = {}
  for (const element in set) {
    if (element === end) break
    result[element] = set[element]!
  }
  return result
}

/** Whether both have the same fields. */
export function equalFieldSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  let size = 0
  for (const element in a) {
    const other = b[element]
    if (other === undefined || !equalFieldSets(a[element]!, other)) return false
    size++
  }
  for (const _ in b) size--
  return size === 0
}

/** A path is a list of path elements. */
export type FieldPath = readonly string[]

/** The set of these paths. A path of names is made with {@link fieldPath}. */
export function fieldSet(...paths: FieldPath[]): FieldSet {
  return paths.reduce<FieldSet>((set, path) => union(set, singleton(path)), emptyFieldSet)
}

function singleton(path: FieldPath): FieldSet {
  return path.reduceRight<FieldSet>((child, element) => ({ [element]: child }), leaf)
}

export function fieldPath(...names: string[]): FieldPath {
  return names.map(fieldElement)
}

/** `.spec.containers[name="web"].image` */
export function formatPath(path: FieldPath): string {
  return path.map(formatElement).join('')
}

export function hasPath(set: FieldSet, path: FieldPath): boolean {
  let node: FieldSet | undefined = set
  for (const element of path) node = node?.[element]
  return path.length > 0 && node !== undefined && isMember(node)
}

/** Whether the set has the element itself. */
export function hasElement(set: FieldSet, element: string): boolean {
  const node = set[element]
  return node !== undefined && isMember(node)
}

/** The fields below an element, without it; the empty set if there are none. */
export function below(set: FieldSet, element: string): FieldSet {
  const node = set[element]
  if (node === undefined) return emptyFieldSet
  return differenceOfNodes(node, selfOnly)
}

const selfOnly: FieldSet = Object.freeze({ [self]: leaf })

/** The fields that have no field of the set below them. */
export function leaves(set: FieldSet): FieldSet {
  return keep(set, (node, element) => {
    if (element === self) return undefined
    return isEmptyFieldSet(node) ? node : asNode(leaves(node))
  })
}

/** Calls back with every path of the set: the fields of a node first, then what is below each of them. */
export function eachPath(set: FieldSet, visit: (path: FieldPath) => void): void {
  visitPaths(set, [], visit)
}

function visitPaths(set: FieldSet, prefix: FieldPath, visit: (path: FieldPath) => void): void {
  for (const element in set) {
    if (element !== self && isMember(set[element]!)) visit([...prefix, element])
  }
  for (const element in set) {
    if (element !== self) visitPaths(set[element]!, [...prefix, element], visit)
  }
}
