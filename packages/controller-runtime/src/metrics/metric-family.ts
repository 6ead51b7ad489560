import { type Exposition, Histogram, type Labels, type MetricType } from '@k1s/core/metrics'

/** A metric with one number for each set of labels. */
export class NumberFamily {
  readonly #name: string
  readonly #type: MetricType
  readonly #help: string
  readonly #numbers = new Map<string, { readonly labels: Labels; read: () => number }>()

  constructor(name: string, type: 'counter' | 'gauge', help: string) {
    this.#name = name
    this.#type = type
    this.#help = help
  }

  /** The number of these labels, which begins at 0. */
  of(labels: Labels): MetricNumber {
    const number = new MetricNumber()
    this.watch(labels, () => number.value)
    return number
  }

  /** A number that is asked for when metrics are. */
  watch(labels: Labels, read: () => number): void {
    this.#numbers.set(JSON.stringify(labels), { labels, read })
  }

  write(exposition: Exposition): void {
    if (this.#numbers.size === 0) return
    exposition.family(this.#name, this.#type, this.#help)
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
export class HistogramFamily {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #showsZeros: boolean
  readonly #histograms = new Map<string, { readonly labels: Labels; readonly histogram: Histogram }>()

  constructor(name: string, help: string, bounds: readonly number[], { showsZeros = false } = {}) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
    this.#showsZeros = showsZeros
  }

  of(labels: Labels): Histogram {
    const key = JSON.stringify(labels)
    const known = this.#histograms.get(key)
    if (known !== undefined) return known.histogram
    const histogram = new Histogram(this.#bounds, this.#showsZeros)
    this.#histograms.set(key, { labels, histogram })
    return histogram
  }

  write(exposition: Exposition): void {
    if (this.#histograms.size === 0) return
    exposition.family(this.#name, 'histogram', this.#help)
    for (const { labels, histogram } of this.#histograms.values()) histogram.write(exposition, labels)
  }
}
