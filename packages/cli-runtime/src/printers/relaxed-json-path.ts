const relaxed = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/

/**
 * A path as people write it for columns and sorting, `metadata.name`, `.metadata.name` or `{.metadata.name}`, as a
 * template: `RelaxedJSONPathExpression` of kubectl.
 */
export function relaxedJsonPath(path: string): string {
  if (path === '') return path
  const match = relaxed.exec(path)
  if (match === null) {
    throw new Error(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    )
  }
  return `{.${match[1] ?? match[2]}}`
}
