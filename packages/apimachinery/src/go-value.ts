import { formatGoNumber } from './go-number.ts'

/**
 * Values as Go's `fmt.Sprint` writes them, which is what kubectl shows in cells and custom columns and what messages
 * of patches show: `map[a:1 b:2]`, `[x y]`, `1e+06` for large fractions.
 */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return formatGoNumber(value)
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, item]) => `${key}:${formatGoValue(item)}`).join(' ')}]`
}
