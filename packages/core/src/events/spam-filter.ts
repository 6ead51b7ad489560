import type { Clock } from '@k1s/apimachinery'
import type { CorrelatorOptions } from './correlator-options.ts'
import { LRUCache } from './lru-cache.ts'
import type { RecordedEvent } from './recorded-event.ts'

interface Bucket {
  tokens: number
  /** When it had them, in milliseconds. */
  time: number
}

/** Lets a source record only so much about an object: `EventSourceObjectSpamFilter`, a token bucket for each. */
export class SpamFilter {
  readonly #options: Required<CorrelatorOptions>
  readonly #clock: Clock
  readonly #qps: number
  readonly #buckets: LRUCache<Bucket>

  constructor(options: Required<CorrelatorOptions>, clock: Clock) {
    this.#options = options
    this.#clock = clock
    // A float32 there. That of 1/300 is a little more, so that 300 seconds are enough for a token.
    this.#qps = Math.fround(options.qps)
    this.#buckets = new LRUCache(options.lruCacheSize)
  }

  isSpam(event: RecordedEvent): boolean {
    const { burstSize, spamKeyFunc } = this.#options
    const key = spamKeyFunc(event)
    const time = this.#clock.now()
    const bucket = this.#buckets.get(key) ?? { tokens: burstSize, time }
    const elapsed = Math.max(time - bucket.time, 0)
    const tokens = Math.min(burstSize, bucket.tokens + (elapsed / 1000) * this.#qps)
    const isSpam = tokens < 1
    this.#buckets.set(key, { tokens: isSpam ? tokens : tokens - 1, time })
    return isSpam
  }
}
