import { type Clock, formatTime } from '@k1s/apimachinery'
import { type CorrelatorOptions, eventKey } from './correlator-options.ts'
import { generateEventName, uniqueNanoseconds } from './event-name.ts'
import { LRUCache } from './lru-cache.ts'
import { type RecordedEvent, userAnnotation } from './recorded-event.ts'

interface Aggregate {
  /** Different `localKey`s, no more than `maxEvents`. */
  readonly localKeys: Set<string>
  /** When the last Event came, in milliseconds since the epoch. */
  readonly time: number
}

/** An Event and the key under which it is counted. */
export interface AggregatedEvent {
  readonly event: RecordedEvent
  readonly key: string
}

/** Puts Events together that differ too often in nothing but their message: `EventAggregator`. */
export class EventAggregator {
  readonly #options: Required<CorrelatorOptions>
  readonly #clock: Clock
  readonly #aggregates: LRUCache<Aggregate>

  constructor(options: Required<CorrelatorOptions>, clock: Clock) {
    this.#options = options
    this.#clock = clock
    this.#aggregates = new LRUCache(options.lruCacheSize)
  }

  aggregate(event: RecordedEvent): AggregatedEvent {
    const { keyFunc, maxEvents, maxIntervalInSeconds } = this.#options
    const { aggregateKey, localKey } = keyFunc(event)
    const now = this.#clock.now()
    const known = this.#aggregates.get(aggregateKey)
    const isRecent = known !== undefined && now - known.time <= maxIntervalInSeconds * 1000
    const localKeys = isRecent ? known.localKeys : new Set<string>()
    localKeys.add(localKey)
    this.#aggregates.set(aggregateKey, { localKeys, time: now })
    if (localKeys.size < maxEvents) return { event, key: eventKey(event) }
    forgetOldest(localKeys)
    return { event: this.#combined(event, now), key: aggregateKey }
  }

  #combined(event: RecordedEvent, now: number): RecordedEvent {
    const { namespace, annotations } = event.metadata
    const { involvedObject } = event
    const user = annotations?.[userAnnotation]
    const name = generateEventName(involvedObject.name, uniqueNanoseconds(this.#clock))
    const time = formatTime(now)
    return {
      ...event,
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...(user !== undefined && { annotations: { [userAnnotation]: user } }),
      },
      message: this.#options.messageFunc(event),
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
    }
  }
}

/** It is enough to remember that there are too many. */
function forgetOldest(keys: Set<string>): void {
  for (const oldest of keys) {
    keys.delete(oldest)
    return
  }
}
