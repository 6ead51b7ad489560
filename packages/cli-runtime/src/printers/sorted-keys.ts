/** A copy whose objects have their keys in order, the way Go writes maps. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const sorted: { [key: string]: unknown } = {}
  for (const key of Object.keys(value).sort()) {
    const item = (value as { [key: string]: unknown })[key]
    // A plain assignment would set the prototype.
    if (key === '__proto__') {
      Object.defineProperty(sorted, key, {
        value: sortKeys(item),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    } else {
      sorted[key] = sortKeys(item)
    }
  }
  return sorted
}
