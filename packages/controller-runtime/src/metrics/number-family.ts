import type { Exposition, Labels, MetricType } from '@k1s/core/metrics'
import type { Collector } from './collector.ts'
import { labelsKey } from './labels-key.ts'

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
  of(labels: Labels): MetricNumber {
    const key = labelsKey(labels)
    const known = this.#own.get(key)
    if (known !== undefined) return known
    const number = new MetricNumber()
    this.#own.set(key, number)
    this.watch(labels, () => number.value)
    return number
  }

  /** A number that is asked for when metrics are. */
  watch(labels: Labels, read: () => number): void {
    this.#numbers.set(labelsKey(labels), { labels, read })
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
