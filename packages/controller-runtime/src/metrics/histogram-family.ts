import { type Exposition, Histogram, type Labels } from '@k1s/core/metrics'
import type { Collector } from './collector.ts'
import { labelsKey } from './labels-key.ts'

/** A metric with a histogram for each set of labels. */
export class HistogramFamily implements Collector {
  readonly name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #histograms = new Map<string, { readonly labels: Labels; readonly histogram: Histogram }>()

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.#help = help
    this.#bounds = bounds
  }

  /** The histogram of these labels, which is shown from now on. */
  of(labels: Labels): Histogram {
    const key = labelsKey(labels)
    const known = this.#histograms.get(key)
    if (known !== undefined) return known.histogram
    const histogram = new Histogram(this.#bounds, true)
    this.#histograms.set(key, { labels, histogram })
    return histogram
  }

  write(exposition: Exposition): void {
    if (this.#histograms.size === 0) return
    exposition.family(this.name, 'histogram', this.#help)
    for (const { labels, histogram } of this.#histograms.values()) histogram.write(exposition, labels)
  }
}
