import type { FinalizeResult } from './finalizers.ts'

/**
 * Finalizers failed. Nevertheless the object may have changed, and `result` says what has to be written. Its message is that
 * of the error, or `[one, another]`, as of a Kubernetes Aggregate.
 */
export class FinalizeError extends AggregateError {
  override name = 'FinalizeError'
  readonly result: FinalizeResult

  constructor(errors: readonly Error[], result: FinalizeResult) {
    const messages = [...new Set(errors.map((error) => error.message))]
    super(errors, messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`)
    this.result = result
  }
}
