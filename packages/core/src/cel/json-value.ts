import type { CelType } from './cel-type.ts'
import {
  CelDuration,
  type CelList,
  type CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
} from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { formatDuration, formatTimestamp } from './time-format.ts'
import { isList, isMap, isObject, isOpaque, valueTypeName } from './value-type.ts'

/**
 * Plain JSON as a value; lists and objects convert what they hold when they are asked for it, and undefined is null.
 * Numbers are integers where they are whole, as the API server reads them, unless a type says which they are.
 */
export function jsonToCel(value: unknown, type?: CelType): CelValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    case 'number':
      return numberToCel(value, type)
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return new JsonList(value, type?.kind === 'list' ? type.element : undefined)
      return new JsonMap(value as Readonly<Record<string, unknown>>, type)
    default:
      return null
  }
}

function numberToCel(value: number, type: CelType | undefined): CelValue {
  if (type?.kind === 'double' || !Number.isSafeInteger(value)) return value
  return type?.kind === 'uint' ? new CelUint(BigInt(value)) : BigInt(value)
}

class JsonList implements CelList {
  readonly celKind = 'list'
  readonly #items: readonly unknown[]
  readonly #element: CelType | undefined
  /** What lists and objects in it were converted to, which then know their own parts. */
  #converted: (CelValue | undefined)[] | undefined

  constructor(items: readonly unknown[], element: CelType | undefined) {
    this.#items = items
    this.#element = element
  }

  get size(): number {
    return this.#items.length
  }

  at(index: number): CelValue {
    const item = this.#items[index]
    if (typeof item !== 'object' || item === null) return jsonToCel(item, this.#element)
    this.#converted ??= []
    this.#converted[index] ??= jsonToCel(item, this.#element)
    return this.#converted[index]
  }
}

class JsonMap implements CelMap {
  readonly celKind = 'map'
  readonly #object: Readonly<Record<string, unknown>>
  readonly #type: CelType | undefined
  readonly #converted = new Map<string, CelValue>()
  #keys: readonly string[] | undefined

  constructor(object: Readonly<Record<string, unknown>>, type: CelType | undefined) {
    this.#object = object
    this.#type = type
  }

  get size(): number {
    return this.keys().length
  }

  get(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#object, key)) return undefined
    const value = this.#object[key]
    if (value === undefined) return undefined
    if (typeof value !== 'object' || value === null) return jsonToCel(value, this.#fieldType(key))
    let converted = this.#converted.get(key)
    if (converted === undefined) {
      converted = jsonToCel(value, this.#fieldType(key))
      this.#converted.set(key, converted)
    }
    return converted
  }

  keys(): readonly string[] {
    this.#keys ??= Object.keys(this.#object).filter((key) => this.#object[key] !== undefined)
    return this.#keys
  }

  #fieldType(key: string): CelType | undefined {
    if (this.#type?.kind === 'map') return this.#type.value
    return this.#type?.kind === 'object' ? this.#type.field(key) : undefined
  }
}

/**
 * A value as plain JSON, as cel-go converts it to a `google.protobuf.Value`: integers that a double does not hold and
 * all of times, durations and bytes (base64) become strings.
 *
 * @throws CelEvaluationError for types, empty optional values, and objects that have no `toJson`
 */
export function celToJson(value: CelValue): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value
    case 'bigint':
      return integerToJson(value)
  }
  if (value === null) return null
  if (value instanceof CelUint) return integerToJson(value.value)
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  if (value instanceof CelDuration) return formatDuration(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof CelOptional && value.value !== undefined) return celToJson(value.value)
  if (isList(value)) return Array.from({ length: value.size }, (_, index) => celToJson(value.at(index)))
  if (isMap(value)) {
    return Object.fromEntries(
      value.keys().map((key) => [String(celToJson(key)), celToJson(value.get(key) ?? null)]),
    )
  }
  if ((isObject(value) || isOpaque(value)) && value.toJson) return value.toJson()
  throw new CelEvaluationError(`type conversion error from '${valueTypeName(value)}' to JSON`)
}

const integerToJson = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
