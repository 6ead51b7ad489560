import type { Collector } from './collector.ts'

/** Metrics that a controller manager shows, in Prometheus' text format: `metrics.Registry`. */
export interface Registry {
  /** Adds metrics of the application's own: `MustRegister`. Throws an Error if a name is taken or is none. */
  register(...collectors: readonly Collector[]): void
  /** All metrics, in the text format 0.0.4. */
  text(): string
}
