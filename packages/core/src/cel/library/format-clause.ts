import { quote } from '@k1s/apimachinery'
import {
  CelDuration,
  type CelList,
  type CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from '../cel-value.ts'
import { compareStrings } from '../comparison.ts'
import { toDouble, toText } from '../conversion.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { isList, isMap, valueTypeName } from '../value-type.ts'
import { formatFixed, formatLocalized, formatScientific } from './format-number.ts'
import { type Clause, FormatError } from './format-string.ts'

const given = (rule: string) => (type: string) => `${rule}, was given ${type}`

const decimalError = given('decimal clause can only be used on integers')
const hexError = given('only integers, byte buffers, and strings can be formatted as hex')

/** What is wrong with an argument of a type that a clause cannot format. */
export const formatErrors: { readonly [verb in Clause['verb']]: (type: string) => string } = {
  s: given(
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  ),
  d: decimalError,
  f: given('fixed-point clause can only be used on doubles'),
  e: given('scientific clause can only be used on doubles'),
  b: given('only integers and bools can be formatted as binary'),
  x: hexError,
  X: hexError,
  o: given('octal clause can only be used on integers'),
}

/**
 * A value in the form that a clause asks for, after `cel-go/ext/formatting.go`: numbers of `%f` and `%e` as they are
 * written in American English. Throws a {@link FormatError}.
 */
export function formatClause(clause: Clause, value: CelValue): string {
  const { verb, precision } = clause
  const text = formatters[verb](value, precision)
  if (text === undefined) throw new FormatError(formatErrors[verb](valueTypeName(value)))
  return text
}

type Formatter = (value: CelValue, precision: number | undefined) => string | undefined

const formatters: { readonly [verb in Clause['verb']]: Formatter } = {
  s: formatString,
  d: (value) => integerOf(value)?.toString(),
  f: (value, precision) => mapDefined(doubleOf(value), (double) => formatLocalized(double, precision)),
  e: (value, precision) => mapDefined(doubleOf(value), (double) => formatScientific(double, precision)),
  b: (value) => (typeof value === 'boolean' ? String(Number(value)) : integerOf(value)?.toString(2)),
  x: formatHex,
  X: (value) => formatHex(value)?.toUpperCase(),
  o: (value) => integerOf(value)?.toString(8),
}

function mapDefined<T, R>(value: T | undefined, map: (value: T) => R): R | undefined {
  return value === undefined ? undefined : map(value)
}

function integerOf(value: CelValue): bigint | undefined {
  if (typeof value === 'bigint') return value
  return value instanceof CelUint ? value.value : undefined
}

/** Of numbers and of the texts that stand for what JSON cannot write. */
function doubleOf(value: CelValue): number | undefined {
  if (typeof value === 'number') return value
  const isSpecial = value === 'NaN' || value === 'Infinity' || value === '-Infinity'
  return isSpecial ? toDouble(value) : undefined
}

function formatHex(value: CelValue): string | undefined {
  if (typeof value === 'string') return Buffer.from(value).toString('hex')
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return integerOf(value)?.toString(16)
}

function formatString(value: CelValue): string | undefined {
  if (value === null) return 'null'
  if (isList(value)) return formatList(value)
  if (isMap(value)) return formatMap(value)
  if (value instanceof CelTypeValue) return value.name
  return isPrintable(value) ? textOf(value) : undefined
}

function isPrintable(value: CelValue): boolean {
  return (
    typeof value !== 'object' ||
    value instanceof CelUint ||
    value instanceof Uint8Array ||
    value instanceof CelTimestamp ||
    value instanceof CelDuration
  )
}

function textOf(value: CelValue): string {
  try {
    return toText(value)
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error
    throw new FormatError(`could not convert argument ${quote(error.message)} to string`)
  }
}

function formatList(list: CelList): string {
  return `[${Array.from({ length: list.size }, (_, index) => formatElement(list.at(index))).join(', ')}]`
}

function formatMap(map: CelMap): string {
  const entries = map.keys().map((key) => [formatKey(key), formatElement(map.get(key)!)] as const)
  entries.sort(([left], [right]) => compareStrings(left, right))
  return `{${entries.map((entry) => entry.join(':')).join(', ')}}`
}

function formatKey(key: CelValue): string {
  if (typeof key === 'string') return quote(key)
  const text = typeof key === 'boolean' ? String(key) : integerOf(key)?.toString()
  if (text === undefined) {
    throw new FormatError(`no formatting function for map key of type ${valueTypeName(key)}`)
  }
  return text
}

/** As a literal of CEL where there is one. */
function formatElement(value: CelValue): string {
  if (typeof value === 'string') return quote(value)
  if (value instanceof Uint8Array) return `b${quote(textOf(value))}`
  if (value instanceof CelTimestamp) return `timestamp(${quote(toText(value))})`
  if (value instanceof CelDuration) return `duration(${quote(toText(value))})`
  if (typeof value === 'number') return Number.isFinite(value) ? formatFixed(value, 6) : quote(toText(value))
  const text = formatString(value)
  if (text === undefined) throw new FormatError(`no formatting function for ${valueTypeName(value)}`)
  return text
}
