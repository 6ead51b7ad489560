import { append } from '../append.ts'
import { formatGoNumber } from '../go-number.ts'
import { formatGoValue } from '../go-value.ts'
import { isJsonObject, type JsonObject } from '../json-value.ts'
import { quote } from '../quote.ts'
import { listItemElement } from './list-item.ts'
import { MergeError, type MergeProblem } from './merge-error.ts'
import type { MergeList, MergeScalar, MergeType } from './merge-type.ts'
import { fieldElement, formatElement } from './path-element.ts'
import { declaresField, kindOf, typeOfField } from './value-kind.ts'

/**
 * Throws a {@link MergeError} with all that keeps a value from being applied: fields that its type does not know, other
 * types, items that cannot be identified, duplicates. Follows `typed/validate.go` of structured-merge-diff.
 */
export function validateValue(value: unknown, type: MergeType): void {
  const problems: MergeProblem[] = []
  validate(value, type, undefined, problems)
  if (problems.length > 0) throw new MergeError(problems)
}

/** Where a value is: put into words only if something is wrong with it. */
interface Place {
  readonly parent: Place | undefined
  readonly element: string
}

function pathOf(place: Place | undefined): string {
  return place === undefined ? '' : pathOf(place.parent) + formatElement(place.element)
}

function validate(value: unknown, type: MergeType, place: Place | undefined, problems: MergeProblem[]): void {
  if (value === null || value === undefined) return
  switch (kindOf(type, value)) {
    case 'map':
      if (isJsonObject(value)) validateMap(value, type, place, problems)
      else problems.push({ path: pathOf(place), message: `expected map, got ${formatStruct(value)}` })
      return
    case 'list':
      if (Array.isArray(value)) validateList(value, type, place, problems)
      else problems.push({ path: pathOf(place), message: `expected list, got ${formatStruct(value)}` })
      return
    case 'scalar':
      validateScalar(value, type, place, problems)
  }
}

/** Stops at the first field that is not known, as Kubernetes does. */
function validateMap(
  map: JsonObject,
  type: MergeType,
  place: Place | undefined,
  problems: MergeProblem[],
): void {
  for (const name in map) {
    const field: Place = { parent: place, element: fieldElement(name) }
    if (type.kind === 'map' && type.field(name) === undefined && !declaresField(type, name)) {
      problems.push({ path: pathOf(field), message: 'field not declared in schema' })
      return
    }
    validate(map[name], typeOfField(type, name), field, problems)
  }
}

function validateList(
  list: readonly unknown[],
  type: MergeType,
  place: Place | undefined,
  problems: MergeProblem[],
): void {
  if (type.kind !== 'list') return
  const seen = new Set<string>()
  for (let index = 0; index < list.length; index++) {
    let element = `i:${index}`
    if (type.relationship !== 'atomic') {
      const identified = identify(type, list[index], index, place, problems)
      if (identified === undefined) return
      element = identified
      if (seen.has(element)) {
        problems.push({ path: pathOf(place), message: `duplicate entries for key ${formatElement(element)}` })
      }
      seen.add(element)
    }
    validate(list[index], type.element, { parent: place, element }, problems)
  }
}

function identify(
  type: MergeList,
  item: unknown,
  index: number,
  place: Place | undefined,
  problems: MergeProblem[],
): string | undefined {
  try {
    return listItemElement(type, item, index)
  } catch (error) {
    if (!(error instanceof MergeError)) throw error
    append(
      problems,
      error.problems.map(({ message }) => ({ path: pathOf(place), message })),
    )
    return undefined
  }
}

function validateScalar(
  value: unknown,
  type: MergeType,
  place: Place | undefined,
  problems: MergeProblem[],
): void {
  const message = scalarProblem(value, type.kind === 'scalar' ? type.type : undefined)
  if (message !== undefined) problems.push({ path: pathOf(place), message })
}

function scalarProblem(value: unknown, expected: MergeScalar['type']): string | undefined {
  switch (expected) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${formatGoSyntax(value)}}`
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${formatStruct(value)}`
    case undefined:
      return typeof value === 'object' ? `expected any scalar, got ${formatStruct(value)}` : undefined
  }
}

/** A value in Go's `%v` of the struct that holds it there. */
function formatStruct(value: unknown): string {
  return `&{${formatGoValue(value)}}`
}

/** The name of the type in which Go holds a JSON value: `%T`. */
function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64'
    default:
      return 'map[string]interface {}'
  }
}

/** A value in Go's `%#v`. */
function formatGoSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatGoNumber(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map(formatGoSyntax).join(', ')}}`
  if (!isJsonObject(value)) return String(value)
  const fields = Object.keys(value).sort()
  const texts = fields.map((name) => `${quote(name)}:${formatGoSyntax(value[name])}`)
  return `map[string]interface {}{${texts.join(', ')}}`
}
