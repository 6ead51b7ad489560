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

export const noSuchOverload = (): CelEvaluationError => new CelEvaluationError('no such overload')
