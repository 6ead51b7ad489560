import type { Clock } from '@k1s/apimachinery'
import type { QueueMetrics, UnfinishedWork } from './queue-metrics.ts'

/** Measures how long the requests of a queue wait once they are due, and how long the work on them takes. */
export class WorkDurations {
  readonly #clock: Clock
  readonly #metrics: QueueMetrics
  readonly #addedAt = new Map<string, number>()
  readonly #begunAt = new Map<string, number>()

  constructor(clock: Clock, metrics: QueueMetrics) {
    this.#clock = clock
    this.#metrics = metrics
    metrics.watchUnfinishedWork(() => this.#unfinished())
  }

  added(key: string): void {
    this.#addedAt.set(key, this.#clock.now())
  }

  begun(key: string): void {
    this.#begunAt.set(key, this.#clock.now())
    const addedAt = this.#addedAt.get(key)
    if (addedAt === undefined) return
    this.#metrics.observeQueueDuration(this.#secondsSince(addedAt))
    this.#addedAt.delete(key)
  }

  ended(key: string): void {
    const begunAt = this.#begunAt.get(key)
    if (begunAt === undefined) return
    this.#metrics.observeWorkDuration(this.#secondsSince(begunAt))
    this.#begunAt.delete(key)
  }

  #unfinished(): UnfinishedWork {
    let unfinishedSeconds = 0
    let longestRunningSeconds = 0
    for (const begunAt of this.#begunAt.values()) {
      const seconds = this.#secondsSince(begunAt)
      unfinishedSeconds += seconds
      longestRunningSeconds = Math.max(longestRunningSeconds, seconds)
    }
    return { unfinishedSeconds, longestRunningSeconds }
  }

  #secondsSince(time: number): number {
    return (this.#clock.now() - time) / 1000
  }
}
