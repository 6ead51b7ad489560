import { CelDuration, CelOptional, CelTimestamp, CelTypeValue, CelUint, type CelValue } from './cel-value.ts'
import { formatDouble } from './conversion.ts'
import { formatDuration, formatTimestamp } from './time-format.ts'
import { isList, isMap, valueTypeName } from './value-type.ts'

/** Of longer collections only the beginning is written: messages are also made for errors that nobody sees. */
const MOST_ELEMENTS = 100
const DEEPEST = 5

/** As Go's `%v` writes a value into cel-go's messages. */
export const formatValue = (value: CelValue): string => format(value, DEEPEST)

function format(value: CelValue, depth: number): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return formatDouble(value)
    case 'boolean':
    case 'bigint':
      return String(value)
  }
  if (value === null) return 'null'
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  if (value instanceof CelDuration) return formatDuration(value)
  if (value instanceof CelTypeValue) return value.name
  if (value instanceof Uint8Array) return `[${value.subarray(0, MOST_ELEMENTS).join(' ')}]`
  if (depth === 0) return valueTypeName(value)
  if (value instanceof CelOptional) {
    return value.value === undefined ? 'optional.none()' : `optional(${format(value.value, depth - 1)})`
  }
  if (isList(value)) return `[${beginning(value.size, (index) => format(value.at(index), depth - 1))}]`
  if (isMap(value)) {
    const keys = value.keys()
    const entry = (key: CelValue) => `${format(key, depth - 1)}: ${format(value.get(key) ?? null, depth - 1)}`
    return `{${beginning(keys.length, (index) => entry(keys[index]!))}}`
  }
  return valueTypeName(value)
}

function beginning(size: number, formatAt: (index: number) => string): string {
  const texts = Array.from({ length: Math.min(size, MOST_ELEMENTS) }, (_, index) => formatAt(index))
  if (size > MOST_ELEMENTS) texts.push('...')
  return texts.join(', ')
}
