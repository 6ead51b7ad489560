import { type Clock, formatMicroTime } from '@k1s/apimachinery'
import { userAnnotation } from './recorded-event.ts'
import type { SeriesEvent } from './series-event.ts'

/** How long a series goes on without the Event, in milliseconds: `finishTime`. */
export const finishTime = 6 * 60_000

/** An Event as it is now, and as it was last written or given up. */
export interface CachedSeries {
  readonly key: string
  event: SeriesEvent
  written: SeriesEvent | undefined
  /** When it last happened, in milliseconds. */
  lastTime: number
}

/** Counts the Events that are going on: `eventCache` of `k8s.io/client-go/tools/events/event_broadcaster.go`. */
export class SeriesCache {
  readonly #clock: Clock
  readonly #series = new Map<string, CachedSeries>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#series.size
  }

  [Symbol.iterator](): IterableIterator<CachedSeries> {
    return this.#series.values()
  }

  /** Counts it as one that was recorded before, or starts a series. */
  observe(event: SeriesEvent): CachedSeries {
    const key = seriesKey(event)
    const lastTime = this.#clock.now()
    const known = this.#series.get(key)
    if (known === undefined) {
      const started: CachedSeries = { key, event, written: undefined, lastTime }
      this.#series.set(key, started)
      return started
    }
    const count = (known.event.series?.count ?? 1) + 1
    const series = { count, lastObservedTime: formatMicroTime(lastTime) }
    known.event = { ...known.event, series }
    known.lastTime = lastTime
    return known
  }

  isOver({ lastTime }: CachedSeries): boolean {
    return this.#clock.now() - lastTime > finishTime
  }

  delete({ key }: CachedSeries): void {
    this.#series.delete(key)
  }
}

/** What is the same for all of a series. The note is not; that of the first one is kept. */
function seriesKey(event: SeriesEvent): string {
  const { type, action, reason, reportingController, reportingInstance, regarding, related, metadata } = event
  const user = metadata.annotations?.[userAnnotation]
  return JSON.stringify([
    type,
    action,
    reason,
    reportingController,
    reportingInstance,
    regarding,
    related,
    user,
  ])
}
