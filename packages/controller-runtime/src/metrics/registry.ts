import type { Exposition } from '@k1s/core/metrics'

/** One metric, with all its samples. Made by `newCounter`, `newGauge` and `newHistogram`, or by an application. */
export interface Collector {
  /** As in `website_pages_published_total`: letters, digits, `_` and `:`. */
  readonly name: string
  /** Begins the family of the metric, unless it has no samples, and adds its samples. */
  write(exposition: Exposition): void
}

/** Metrics that a controller manager shows, in Prometheus' text format: `metrics.Registry`. */
export interface Registry {
  /** Adds metrics of the application's own: `MustRegister`. Throws an Error if a name is taken or is none. */
  register(...collectors: readonly Collector[]): void
  /** All metrics, in the text format 0.0.4. */
  text(): string
}
