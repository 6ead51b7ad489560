/**
 * An error of an expression's evaluation, in cel-go's words: `no such key: x`, `division by zero`. `&&`, `||`, `all` and
 * `exists` absorb it where the other terms decide.
 */
export class CelEvaluationError extends Error {
  constructor(message: string) {
    // A stack says nothing about an expression, and taking it would be most of what an absorbed error costs.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.name = 'CelEvaluationError'
  }
}

/**
 * The error of a call that has no implementation for its arguments. cel-go names the function only where the first
 * argument is of no type that the function takes at all.
 */
export const noSuchOverload = (name?: string): CelEvaluationError =>
  new CelEvaluationError(name === undefined ? 'no such overload' : `no such overload: ${name}`)
