import { parseJsonPath, parseQuantity, type Quantity, type Unstructured } from '@k1s/apimachinery'
import type { Table } from '@k1s/core'
import { goSort } from './go-sort.ts'
import { relaxedJsonPath } from './relaxed-json-path.ts'

/**
 * Sorts by what a JSONPath finds in each item, as `--sort-by` of kubectl: numbers by value, texts that are both
 * quantities (`500Mi`) by amount, other texts by code point, items without the field first. Items that compare as equal
 * are in the order in which Go leaves them.
 *
 * @throws Error if no item has the field, or its values cannot be ordered.
 */
export function sortBy<T>(items: readonly T[], path: string, objectOf: (item: T) => unknown): T[] {
  const field = relaxedOrAsIs(path)
  const jsonPath = parseJsonPath(field, { allowMissingKeys: true })
  const keyed = items.map((item) => {
    const [values = []] = jsonPath.findResults(objectOf(item))
    return { item, found: values.length > 0, value: values[0] }
  })
  if (items.length > 0 && !keyed.some(({ found }) => found)) {
    throw new Error(`couldn't find any field with path ${JSON.stringify(field)} in the list of objects`)
  }
  // What has no value is less than all others, itself included, which turns the order of such items around.
  goSort(keyed, (a, b) => !a.found || (b.found && isLess(a.value, b.value)))
  return keyed.map(({ item }) => item)
}

/** The table with its rows in order of a field of their objects. */
export function sortTable(table: Table, path: string): Table {
  return { ...table, rows: sortBy(table.rows, path, ({ object }) => object) }
}

export function sortObjects(objects: readonly Unstructured[], path: string): Unstructured[] {
  return sortBy(objects, path, (object) => object)
}

function relaxedOrAsIs(path: string): string {
  try {
    return relaxedJsonPath(path)
  } catch {
    // Not one plain path: a template that is taken as it is.
    return path
  }
}

function isLess(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === null && b !== null
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return isLessText(a, b)
  const unsortable = [a, b].find((value) => typeof value !== 'number' && typeof value !== 'string')
  throw new Error(
    unsortable === undefined
      ? 'cannot sort: some values are texts and others numbers'
      : `unsortable type: ${Array.isArray(unsortable) ? 'list' : typeof unsortable}`,
  )
}

function isLessText(a: string, b: string): boolean {
  const left = quantityOrUndefined(a)
  const right = left && quantityOrUndefined(b)
  return left !== undefined && right !== undefined ? left.compare(right) < 0 : a < b
}

function quantityOrUndefined(text: string): Quantity | undefined {
  try {
    return parseQuantity(text)
  } catch {
    return undefined
  }
}
