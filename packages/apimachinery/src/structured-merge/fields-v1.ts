import { isJsonObject } from '../json-value.ts'
import { emptyFieldSet, type FieldSet, isEmptyFieldSet, leaf, union } from './field-set.ts'
import { canonicalElement, compareElements, self } from './path-element.ts'

/**
 * The set that a FieldsV1 document of any origin describes: keys and values in canonical form and order, unknown types
 * of elements dropped. Returns the document itself if it is canonical. Throws an Error with what is wrong.
 *
 * Follows `readIterV1` of `fieldpath/serialize.go`.
 */
export function decodeFieldsV1(document: unknown): FieldSet {
  if (document === null || document === undefined) return emptyFieldSet
  if (!isJsonObject(document)) throw new Error('fieldsV1 must be an object')
  if (isCanonical(document, true)) return document as FieldSet
  const { children } = readNode(document)
  return children
}

function isCanonical(node: unknown, root: boolean): boolean {
  if (!isJsonObject(node)) return false
  let previous: string | undefined
  let size = 0
  for (const element in node) {
    size++
    if (element === self) {
      const mark = node[self]
      if (root || size > 1 || !isJsonObject(mark) || !isEmptyFieldSet(mark as FieldSet)) return false
      continue
    }
    if (canonicalElement(element) !== element) return false
    if (previous !== undefined && compareElements(previous, element) >= 0) return false
    if (!isCanonical(node[element], false)) return false
    previous = element
  }
  // A dot alone says no more than an empty node.
  return size !== 1 || previous !== undefined
}

/** A node without any children is itself in the set, whether it says so or not. */
function readNode(document: unknown): { children: FieldSet; member: boolean } {
  if (document === null) return { children: emptyFieldSet, member: true }
  if (!isJsonObject(document)) throw new Error('expect { or n, but found something else in fieldsV1')
  let children: FieldSet = emptyFieldSet
  let member = false
  for (const [key, value] of Object.entries(document)) {
    if (key === self) {
      member = true
      continue
    }
    const element = canonicalElement(key)
    if (element === undefined) continue
    const node = readNode(value)
    children = union(children, { [element]: asNode(node.children, node.member) })
  }
  return { children, member: member || isEmptyFieldSet(children) }
}

function asNode(children: FieldSet, member: boolean): FieldSet {
  if (isEmptyFieldSet(children)) return leaf
  return member ? { [self]: leaf, ...children } : children
}
