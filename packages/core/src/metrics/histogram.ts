import { type Exposition, type Labels, numberText } from './exposition.ts'

/** Counts how many of the observed values are at most as large as each of its bounds. */
export class Histogram {
  readonly #bounds: readonly number[]
  /** How many values are at most this bound and more than the one before; the last place is for those above all. */
  readonly #counts: Float64Array
  #sum = 0
  #isShown: boolean

  /** The bounds are in ascending order. Unless it `showsZeros`, it has no samples before it has observed something. */
  constructor(bounds: readonly number[], showsZeros = false) {
    this.#bounds = bounds
    this.#isShown = showsZeros
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const bounds = this.#bounds
    let index = 0
    while (index < bounds.length && !(value <= bounds[index]!)) index++
    this.#counts[index]!++
    this.#sum += value
    this.#isShown = true
  }

  /** Adds its samples to the family that was begun, if there are any. */
  write(exposition: Exposition, labels: Labels): void {
    if (!this.#isShown) return
    let count = 0
    for (const [index, bound] of this.#bounds.entries()) {
      count += this.#counts[index]!
      exposition.sample({ ...labels, le: numberText(bound) }, count, '_bucket')
    }
    count += this.#counts[this.#bounds.length]!
    exposition.sample({ ...labels, le: '+Inf' }, count, '_bucket')
    exposition.sample(labels, this.#sum, '_sum')
    exposition.sample(labels, count, '_count')
  }
}
