/**
 * Values as Go's `fmt.Sprint` writes them, which is what kubectl shows in cells and custom columns:
 * `map[a:1 b:2]`, `[x y]`, `1e+06` for large fractions.
 */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return formatGoNumber(value)
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `map[${entries.map(([key, item]) => `${key}:${formatGoValue(item)}`).join(' ')}]`
  }
  return String(value)
}

/** Integers are int64 in Kubernetes' JSON; what has a fraction is a float64 in Go's shortest `%g` form. */
function formatGoNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString()
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  // Outside this range `%g` turns to the exponent form, with two digits at least.
  if (power >= -4 && power < 6) return value.toString()
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
