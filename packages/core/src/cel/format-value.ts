import { CelDuration, CelOptional, CelTimestamp, CelTypeValue, CelUint, type CelValue } from './cel-value.ts'
import { formatDouble } from './conversion.ts'
import { formatDuration, formatTimestamp } from './time-format.ts'
import { isList, isMap, valueTypeName } from './value-type.ts'

/** As Go's `%v` writes a value into cel-go's messages. */
export function formatValue(value: CelValue): string {
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
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`
  if (value instanceof CelOptional) {
    return value.value === undefined ? 'optional.none()' : `optional(${formatValue(value.value)})`
  }
  if (isList(value)) {
    return `[${Array.from({ length: value.size }, (_, index) => formatValue(value.at(index))).join(', ')}]`
  }
  if (isMap(value)) {
    return `{${value
      .keys()
      .map((key) => `${formatValue(key)}: ${formatValue(value.get(key) ?? null)}`)
      .join(', ')}}`
  }
  return valueTypeName(value)
}
