import { type Clock, systemClock } from '@k1s/apimachinery'
import { type CorrelatorOptions, correlatorOptionsOf } from './correlator-options.ts'
import { EventAggregator } from './event-aggregator.ts'
import { type CountedEvent, EventCounter } from './event-counter.ts'
import type { RecordedEvent } from './recorded-event.ts'
import { SpamFilter } from './spam-filter.ts'

/**
 * Makes of what is recorded what is written: similar Events are put together, the same ones counted, too many dropped.
 * `EventCorrelator` of `k8s.io/client-go/tools/record/events_cache.go`.
 */
export class EventCorrelator {
  readonly #aggregator: EventAggregator
  readonly #counter: EventCounter
  readonly #filter: SpamFilter

  constructor(options: CorrelatorOptions = {}, clock: Clock = systemClock) {
    const complete = correlatorOptionsOf(options)
    this.#aggregator = new EventAggregator(complete, clock)
    this.#counter = new EventCounter(complete.lruCacheSize)
    this.#filter = new SpamFilter(complete, clock)
  }

  /** Undefined if it is not to be written. */
  correlate(event: RecordedEvent): CountedEvent | undefined {
    const counted = this.#counter.count(this.#aggregator.aggregate(event))
    return this.#filter.isSpam(counted.event) ? undefined : counted
  }

  /** What was stored is what the next of the same Events changes. */
  update(stored: RecordedEvent): void {
    this.#counter.update(stored)
  }
}
