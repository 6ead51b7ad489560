/** Several errors as one: `utilerrors.Aggregate`. The only one as it is; undefined if there is none. */
export function aggregate(errors: readonly unknown[]): Error | undefined {
  const flat = flatten(errors)
  if (flat.length === 0) return undefined
  if (flat.length === 1) return asError(flat[0])
  const messages = [...new Set(flat.map((error) => asError(error).message))]
  return new AggregateError(flat, messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`)
}

/** The errors inside aggregates, however deep. */
export function flatten(errors: readonly unknown[]): unknown[] {
  return errors.flatMap((error) => (error instanceof AggregateError ? flatten(error.errors) : [error]))
}

/** Leaves out the errors, alone or inside an aggregate, that a matcher knows: `utilerrors.FilterOut`. */
export function filterOut(
  error: unknown,
  matchers: readonly ((error: unknown) => boolean)[],
): Error | undefined {
  return aggregate(flatten([error]).filter((single) => !matchers.some((match) => match(single))))
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
