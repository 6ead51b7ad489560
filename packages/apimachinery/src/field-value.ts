import { formatGoNumber } from './go-number.ts'
import { quote } from './quote.ts'

/**
 * A value as field errors show it: texts as Go's `%q`, numbers as Go's `%v` (integers in digits, others with an
 * exponent from a million on), all else as `encoding/json` writes it. A Map stands for a Go struct, whose fields
 * keep their order; the keys of an object are sorted, as those of a Go map are.
 */
export function formatFieldValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatGoNumber(value)
  return encodeJSON(value)
}

function encodeJSON(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') return escapeHTML(JSON.stringify(value) ?? 'null')
  if (Array.isArray(value)) return `[${value.map(encodeJSON).join(',')}]`
  if (value instanceof Map) return encodeFields([...value])
  if ('toJSON' in value && typeof value.toJSON === 'function') return encodeJSON(value.toJSON())
  return encodeFields(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function encodeFields(fields: [string, unknown][]): string {
  const parts = fields
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${escapeHTML(JSON.stringify(key))}:${encodeJSON(value)}`)
  return `{${parts.join(',')}}`
}

/** `encoding/json` escapes what could end a script or a line of JavaScript. */
function escapeHTML(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
