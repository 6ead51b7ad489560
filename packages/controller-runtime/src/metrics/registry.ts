/** Metrics that a controller manager shows, in Prometheus' text format: `metrics.Registry`. */
export interface Registry {
  /** All metrics, in the text format 0.0.4. */
  text(): string
}
