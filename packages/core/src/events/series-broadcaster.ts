import {
  type Clock,
  type ClockTimer,
  isAlreadyExists,
  isNotFound,
  isStatusError,
  systemClock,
} from '@k1s/apimachinery'
import { mergePatch } from '../client/patches.ts'
import type { Client } from '../client.ts'
import { EventError } from './event-error.ts'
import { EventQueue, maxQueuedEvents } from './event-queue.ts'
import { managedBy } from './event-sink.ts'
import { reportErrors } from './report-errors.ts'
import { type CachedSeries, finishTime, SeriesCache } from './series-cache.ts'
import type { SeriesEvent } from './series-event.ts'
import { type SeriesEventRecorder, type SeriesEventSource, SeriesSourceRecorder } from './series-recorder.ts'
import { retryDelay, type WriteOptions, writeWithRetries } from './write-with-retries.ts'

export interface SeriesBroadcasterOptions {
  readonly client: Client
  /** Default: that of the machine. */
  readonly clock?: Clock
  /** Told what could not be recorded, or not yet: an EventError. Default: `console.error`. */
  readonly onError?: (error: unknown) => void
}

/** Stores Events of `events.k8s.io/v1`: `events.EventBroadcaster`. */
export interface SeriesBroadcaster {
  newRecorder(source: SeriesEventSource): SeriesEventRecorder
  /** Writes the counts of all series, and resolves when all that was recorded so far was written or given up. */
  flush(): Promise<void>
  /** Flushes, tries nothing a second time, and refuses what is recorded from now on. */
  shutdown(): Promise<void>
}

/**
 * Records Events with the rules of `k8s.io/client-go/tools/events`: those that differ in their note only are one with a
 * series. Its count is written with the second of them, every half hour, when there were none for six minutes, and by
 * `flush`.
 *
 * ```ts
 * const broadcaster = createSeriesBroadcaster({ client: runtime.client })
 * const recorder = broadcaster.newRecorder({ reportingController: 'example.com/robot-controller' })
 * recorder.eventf(robot, undefined, 'Normal', 'BatteryFull', 'Charge', 'The battery is full')
 * await broadcaster.shutdown()
 * ```
 */
export function createSeriesBroadcaster(options: SeriesBroadcasterOptions): SeriesBroadcaster {
  return new Broadcaster(options)
}

/** Rounds of `finishTime` after which series that go on are written again, so that they do not expire: `refreshTime`. */
const roundsPerRefresh = 5

class Broadcaster implements SeriesBroadcaster {
  readonly #client: Client
  readonly #writing: WriteOptions
  readonly #cache: SeriesCache
  readonly #queue = new EventQueue()
  readonly #underway = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #timer: ClockTimer | undefined
  #rounds = 0

  constructor({ client, clock = systemClock, onError }: SeriesBroadcasterOptions) {
    this.#client = client
    this.#cache = new SeriesCache(clock)
    this.#writing = {
      clock,
      onError: reportErrors(onError),
      stop: this.#stop.signal,
      // Programs that lost the same server do not all come back at once.
      delayAfter: () => retryDelay * (1 + 0.25 * Math.random()),
    }
  }

  newRecorder(source: SeriesEventSource): SeriesEventRecorder {
    const {
      reportingController,
      reportingInstance = `${reportingController}-${process.getBuiltinModule('node:os').hostname()}`,
    } = source
    const { clock, onError } = this.#writing
    return new SeriesSourceRecorder(
      { ...source, reportingController, reportingInstance },
      { clock, onError, record: (event) => this.#record(event) },
    )
  }

  async flush(): Promise<void> {
    for (const series of this.#cache) {
      if (series.written !== series.event) this.#write(series)
    }
    await Promise.all(this.#underway)
  }

  async shutdown(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    await this.flush()
  }

  #record(event: SeriesEvent): void {
    if (this.#stop.signal.aborted) {
      throw new EventError('Unable to record event (will not retry!): broadcaster already stopped', event)
    }
    const series = this.#cache.observe(event)
    const { count = 1 } = series.event.series ?? {}
    if (count === 1 && this.#queue.size >= maxQueuedEvents) {
      this.#cache.delete(series)
      throw new EventError('Unable to record event: too many queued events, dropped event', event)
    }
    if (count <= 2) this.#write(series)
    this.#timer ??= this.#newRound()
  }

  #write(series: CachedSeries): void {
    const writing = this.#queue.add(series.key, () => this.#writeChanges(series))
    this.#underway.add(writing)
    void writing.then(() => this.#underway.delete(writing))
  }

  /** All that happened until it can be written is written at once. */
  async #writeChanges(series: CachedSeries): Promise<void> {
    if (series.written === series.event) return
    let tried = series.event
    const attempt = () => {
      tried = series.event
      return this.#store(tried)
    }
    // What somebody created meanwhile can be patched.
    const isFinal = (error: unknown) =>
      isStatusError(error) && !(tried.series !== undefined && isAlreadyExists(error))
    await writeWithRetries(tried, attempt, isFinal, this.#writing)
    series.written = tried
  }

  async #store(event: SeriesEvent): Promise<void> {
    const options = managedBy(event.reportingController)
    const { series } = event
    try {
      if (series !== undefined) await this.#client.patch(event, mergePatch({ series }), options)
      else await this.#client.create(event, options)
    } catch (error) {
      if (series === undefined && isAlreadyExists(error)) return
      if (series === undefined || !isNotFound(error)) throw error
      await this.#client.create(event, options)
    }
  }

  #newRound(): ClockTimer {
    return this.#writing.clock.setTimer(() => void this.#round(), finishTime).unref()
  }

  /** `finishSeries` and `refreshExistingEventSeries`. */
  async #round(): Promise<void> {
    this.#rounds++
    const refreshes = this.#rounds % roundsPerRefresh === 0
    const over = [...this.#cache].filter((series) => this.#cache.isOver(series))
    for (const series of this.#cache) {
      if (series.event.series === undefined || !(refreshes || over.includes(series))) continue
      series.written = undefined
      this.#write(series)
    }
    await Promise.all(this.#underway)
    for (const series of over) {
      if (this.#cache.isOver(series)) this.#cache.delete(series)
    }
    this.#timer = this.#cache.size === 0 || this.#stop.signal.aborted ? undefined : this.#newRound()
  }
}
