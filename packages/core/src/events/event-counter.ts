import { eventKey } from './correlator-options.ts'
import type { AggregatedEvent } from './event-aggregator.ts'
import { LRUCache } from './lru-cache.ts'
import type { RecordedEvent } from './recorded-event.ts'

/** What a stored Event has to be changed to when it happened again. */
export interface EventPatch {
  readonly count: number
  readonly lastTimestamp: string
  readonly message: string
}

export interface CountedEvent {
  readonly event: RecordedEvent
  /** Set if it happened before. */
  readonly patch?: EventPatch
}

interface Observation {
  readonly name: string | undefined
  readonly count: number
  readonly firstTimestamp: string
}

/** Counts how often an Event happened, and remembers as which one it is stored: `eventLogger`. */
export class EventCounter {
  readonly #observations: LRUCache<Observation>

  constructor(lruCacheSize: number) {
    this.#observations = new LRUCache(lruCacheSize)
  }

  count({ event, key }: AggregatedEvent): CountedEvent {
    const last = this.#observations.get(key)
    if (last === undefined) {
      this.#observations.set(key, observe(event))
      return { event }
    }
    const counted: RecordedEvent = {
      ...event,
      metadata: { ...event.metadata, ...(last.name !== undefined && { name: last.name }) },
      firstTimestamp: last.firstTimestamp,
      count: last.count + 1,
    }
    this.#observations.set(key, observe(counted))
    const { count, lastTimestamp, message } = counted
    return { event: counted, patch: { count, lastTimestamp, message } }
  }

  /** Takes over what was stored. */
  update(stored: RecordedEvent): void {
    this.#observations.set(eventKey(stored), observe(stored))
  }
}

function observe({ metadata, count, firstTimestamp }: RecordedEvent): Observation {
  return { name: metadata.name, count, firstTimestamp }
}
