import type { Exposition } from '@k1s/core/metrics'

/** One metric, with all its samples. Made by `newCounter`, `newGauge` and `newHistogram`, or by an application. */
export interface Collector {
  /** As in `website_pages_published_total`: letters, digits, `_` and `:`. */
  readonly name: string
  /** Begins the family of the metric, unless it has no samples, and adds its samples. */
  write(exposition: Exposition): void
}
