/** How a reconcile ended: the label `result` of `controller_runtime_reconcile_total`. */
export type ReconcileResult = 'success' | 'error' | 'requeue' | 'requeue_after'

/** What is counted of one controller: `pkg/internal/controller/metrics`. */
export interface ControllerMetrics {
  started(): void
  /** `seconds` since it was started. */
  ended(result: ReconcileResult, seconds: number): void
  terminalError(): void
  /** The reconciler threw what only a programming mistake throws, or did not await a promise that was rejected. */
  panicked(): void
  timedOut(): void
}
