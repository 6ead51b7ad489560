/**
 * What was thrown; in its place an Error, if asking it for its text throws in turn. Anything may be thrown, and to log it must not
 * fail.
 */
export function sayableError(thrown: unknown): unknown {
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
  const sayable = sayableError(thrown)
  return sayable instanceof Error ? sayable.message : String(sayable)
}
