import { type Exposition, Histogram, type Labels, type MetricType } from '@k1s/core/metrics'
import type { Collector } from './registry.ts'

/** A metric with one number for each set of labels. */
export class NumberFamily implements Collector {
  readonly name: string
  readonly #type: MetricType
  readonly #help: string
  readonly #own = new Map<string, MetricNumber>()
  readonly #numbers = new Map<string, { readonly labels: Labels; read: () => number }>()

  constructor(name: string, type: 'counter' | 'gauge', help: string) {
    this.name = name
    this.#type = type
    this.#help = help
  }

  /** The number of these labels, which begins at 0. */
  of(labels: Labels = {}): MetricNumber {
    const key = JSON.stringify(labels)
    const known = this.#own.get(key)
    if (known !== undefined) return known
    const number = new MetricNumber()
    this.#own.set(key, number)
    this.watch(labels, () => number.value)
    return number
  }

  /** A number that is asked for when metrics are. */
  watch(labels: Labels, read: () => number): void {
    this.#numbers.set(JSON.stringify(labels), { labels, read })
  }

  write(exposition: Exposition): void {
    if (this.#numbers.size === 0) return
    exposition.family(this.name, this.#type, this.#help)
    for (const { labels, read } of this.#numbers.values()) exposition.sample(labels, read())
  }
}

export class MetricNumber {
  value = 0

  add(change = 1): void {
    this.value += change
  }
}

/** A metric with a histogram for each set of labels. */
export class HistogramFamily implements Collector {
  readonly name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #showsZeros: boolean
  readonly #histograms = new Map<string, { readonly labels: Labels; readonly histogram: Histogram }>()

  constructor(name: string, help: string, bounds: readonly number[], { showsZeros = false } = {}) {
    this.name = name
    this.#help = help
    this.#bounds = bounds
    this.#showsZeros = showsZeros
  }

  /** The histogram of these labels. */
  of(labels: Labels = {}): Histogram {
    const key = JSON.stringify(labels)
    const known = this.#histograms.get(key)
    if (known !== undefined) return known.histogram
    const histogram = new Histogram(this.#bounds, this.#showsZeros)
    this.#histograms.set(key, { labels, histogram })
    return histogram
  }

  write(exposition: Exposition): void {
    if (this.#histograms.size === 0) return
    exposition.family(this.name, 'histogram', this.#help)
    for (const { labels, histogram } of this.#histograms.values()) histogram.write(exposition, labels)
  }
}

/** A number for each set of labels that only grows: `prometheus.NewCounterVec`. */
export function newCounter(name: string, help: string): NumberFamily {
  return new NumberFamily(name, 'counter', help)
}

/** A number for each set of labels that goes up and down: `prometheus.NewGaugeVec`. */
export function newGauge(name: string, help: string): NumberFamily {
  return new NumberFamily(name, 'gauge', help)
}

/** `prometheus.DefBuckets`, for seconds that a service takes to answer. */
const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** How many values are at most as large as each bucket, for each set of labels: `prometheus.NewHistogramVec`. */
export function newHistogram(name: string, help: string, buckets = defaultBuckets): HistogramFamily {
  return new HistogramFamily(name, help, buckets)
}
