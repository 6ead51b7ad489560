import { formatGoNumber } from './go-number.ts'
import { canonicalJson } from './json-codec.ts'
import { quote } from './quote.ts'

/**
 * A value as field errors show it: texts as Go's `%q`, numbers as Go's `%v` (integers in digits, others with an
 * exponent from a million on), all else as `encoding/json` writes it. The keys of an object are sorted, as those of a
 * Go map are; a Map stands for a Go struct, whose fields keep their order.
 */
export function formatFieldValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatGoNumber(value)
  if (typeof value === 'bigint') return String(value)
  return encode(value)
}

function encode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`
  if (!(value instanceof Map)) return canonicalJson(value)
  const fields = [...value]
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${canonicalJson(name)}:${encode(field)}`)
  return `{${fields.join(',')}}`
}
