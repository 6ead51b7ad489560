import { CelOptional, CelUint, type CelValue } from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { formatValue } from './format-value.ts'
import { celKindOf, isList, isMap, isObject, valueTypeName } from './value-type.ts'

/** Collections, which are rarely keys, are not written: errors that are absorbed would take the time. */
const formatKey = (key: CelValue) => (celKindOf(key) === undefined ? formatValue(key) : valueTypeName(key))

const noSuchKey = (key: CelValue) => new CelEvaluationError(`no such key: ${formatKey(key)}`)

/** `value.field`; of an optional value an optional one. */
export function selectField(value: CelValue, field: string): CelValue {
  switch (celKindOf(value)) {
    case 'object':
    case 'map': {
      const found = findField(value, field)
      if (found === undefined) throw noSuchKey(field)
      return found
    }
    case 'list':
      throw unsupportedIndex(field)
  }
  if (value instanceof CelOptional) return findOptional(value, (inner) => findField(inner, field))
  throw noSuchKey(field)
}

/** `has(value.field)` */
export function hasField(value: CelValue, field: string): boolean {
  if (value instanceof CelOptional) return value.value !== undefined && hasField(value.value, field)
  return findField(value, field) !== undefined
}

/** `value.?field` */
export const selectOptionalField = (value: CelValue, field: string): CelOptional =>
  findOptional(value, (inner) => findField(inner, field))

/** `container[index]`; of an optional container an optional value. */
export function indexValue(container: CelValue, index: CelValue): CelValue {
  if (container instanceof CelOptional) return indexOptional(container, index)
  const found = findIndex(container, index)
  if (found !== undefined) return found
  if (isList(container)) throw new CelEvaluationError(`index out of bounds: ${formatValue(index)}`)
  throw noSuchKey(index)
}

/** `container[?index]` */
export const indexOptional = (container: CelValue, index: CelValue): CelOptional =>
  findOptional(container, (inner) => findIndex(inner, index))

function findOptional(value: CelValue, find: (inner: CelValue) => CelValue | undefined): CelOptional {
  const inner = value instanceof CelOptional ? value.value : value
  const found = inner === undefined ? undefined : find(inner)
  return found === undefined ? CelOptional.none : new CelOptional(found)
}

function findField(value: CelValue, field: string): CelValue | undefined {
  if (isObject(value)) return value.get(field)
  if (isMap(value)) return value.get(field)
  if (isList(value)) throw unsupportedIndex(field)
  return undefined
}

function findIndex(container: CelValue, index: CelValue): CelValue | undefined {
  if (isList(container)) {
    const place = listIndex(index)
    return place >= 0 && place < container.size ? container.at(place) : undefined
  }
  if (isMap(container)) return container.get(index)
  return isObject(container) && typeof index === 'string' ? container.get(index) : undefined
}

function listIndex(index: CelValue): number {
  if (typeof index === 'bigint') return Number(index)
  if (index instanceof CelUint) return Number(index.value)
  if (typeof index !== 'number') throw unsupportedIndex(index)
  if (Number.isInteger(index)) return index
  throw new CelEvaluationError(`unsupported index value ${formatValue(index)} in list`)
}

const unsupportedIndex = (index: CelValue) =>
  new CelEvaluationError(`unsupported index type '${valueTypeName(index)}' in list`)
