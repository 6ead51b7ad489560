import type { ControllerMetrics, ReconcileResult } from '../controller/controller-metrics.ts'
import { HistogramFamily } from './histogram-family.ts'
import { type MetricNumber, NumberFamily } from './number-family.ts'

const timeBounds = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
  1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
]

const results: readonly ReconcileResult[] = ['error', 'requeue_after', 'requeue', 'success']

/** `sigs.k8s.io/controller-runtime/pkg/internal/controller/metrics`. */
export class ControllerFamilies {
  readonly #total = new NumberFamily(
    'controller_runtime_reconcile_total',
    'counter',
    'Total number of reconciliations per controller',
  )
  readonly #errors = new NumberFamily(
    'controller_runtime_reconcile_errors_total',
    'counter',
    'Total number of reconciliation errors per controller',
  )
  readonly #terminalErrors = new NumberFamily(
    'controller_runtime_terminal_reconcile_errors_total',
    'counter',
    'Total number of terminal reconciliation errors per controller',
  )
  readonly #panics = new NumberFamily(
    'controller_runtime_reconcile_panics_total',
    'counter',
    'Total number of reconciliation panics per controller',
  )
  readonly #timeouts = new NumberFamily(
    'controller_runtime_reconcile_timeouts_total',
    'counter',
    'Total number of reconciliation timeouts per controller',
  )
  readonly #workers = new NumberFamily(
    'controller_runtime_max_concurrent_reconciles',
    'gauge',
    'Maximum number of concurrent reconciles per controller',
  )
  readonly #active = new NumberFamily(
    'controller_runtime_active_workers',
    'gauge',
    'Number of currently used workers per controller',
  )
  readonly #time = new HistogramFamily(
    'controller_runtime_reconcile_time_seconds',
    'Length of time per reconciliation per controller',
    timeBounds,
  )
  readonly all = [
    this.#total,
    this.#errors,
    this.#terminalErrors,
    this.#panics,
    this.#timeouts,
    this.#workers,
    this.#active,
    this.#time,
  ]

  /** All numbers of a controller are there from the beginning, as 0; its histogram comes with the first reconcile, as in Go. */
  of(controller: string, maxConcurrentReconciles: number): ControllerMetrics {
    const labels = { controller }
    const totals = Object.fromEntries(
      results.map((result) => [result, this.#total.of({ ...labels, result })]),
    ) as { [result in ReconcileResult]: MetricNumber }
    const errors = this.#errors.of(labels)
    const terminalErrors = this.#terminalErrors.of(labels)
    const panics = this.#panics.of(labels)
    const timeouts = this.#timeouts.of(labels)
    const active = this.#active.of(labels)
    this.#workers.of(labels).value = maxConcurrentReconciles
    return {
      started: () => active.add(),
      ended: (result, seconds) => {
        active.add(-1)
        totals[result].add()
        if (result === 'error') errors.add()
        this.#time.of(labels).observe(seconds)
      },
      terminalError: () => terminalErrors.add(),
      panicked: () => panics.add(),
      timedOut: () => timeouts.add(),
    }
  }
}
