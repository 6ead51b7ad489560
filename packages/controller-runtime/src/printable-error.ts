/**
 * Returns what was thrown, or a TypeError in its place if reading its message, stack or cause, or making it a string, throws in
 * turn. Anything may be thrown, and logging it must not fail.
 */
export function printableError(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) void `${thrown.message}${thrown.stack}${thrown.cause instanceof Error}`
    void String(thrown)
    return thrown
  } catch {
    return new TypeError('what was thrown has no text')
  }
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  const printable = printableError(thrown)
  return printable instanceof Error ? printable.message : String(printable)
}
