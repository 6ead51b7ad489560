import { type Clock, quote, systemClock } from '@k1s/apimachinery'
import type { Client } from '../client.ts'
import type { CorrelatorOptions } from './correlator-options.ts'
import { EventError } from './event-error.ts'
import { EventQueue, maxQueuedEvents } from './event-queue.ts'
import type { EventRecorder } from './event-recorder.ts'
import { clientSink, type EventSink } from './event-sink.ts'
import type { EventSource } from './event-source.ts'
import { EventWriter } from './event-writer.ts'
import type { RecordedEvent } from './recorded-event.ts'
import { reportErrors } from './report-errors.ts'
import { SourceRecorder } from './source-recorder.ts'

export interface EventBroadcasterOptions extends CorrelatorOptions {
  /** Where Events are stored, from the first one on. */
  readonly client?: Client
  /** Default: that of the machine. */
  readonly clock?: Clock
  /** Told what could not be recorded, or not yet: an EventError. Default: `console.error`. */
  readonly onError?: (error: unknown) => void
}

/** Takes Events from recorders to where they are wanted: `record.EventBroadcaster`. */
export interface EventBroadcaster {
  newRecorder(source: EventSource): EventRecorder
  /** Stores what is recorded from now on. Returns a function that ends it. */
  startRecordingToSink(sink: EventSink): () => void
  /** A line of text for each that is recorded from now on. */
  startLogging(log: (line: string) => void): () => void
  /** Called with each that is recorded from now on, before others are put together with it. */
  startEventWatcher(handler: (event: RecordedEvent) => void | Promise<void>): () => void
  /**
   * Resolves when all that was recorded so far was written or given up. As long as a server cannot be reached, it is tried
   * again for nearly two minutes.
   */
  flush(): Promise<void>
  /** Flushes, tries nothing a second time, and refuses what is recorded from now on. */
  shutdown(): Promise<void>
}

/**
 * Records Events with the rules of `k8s.io/client-go/tools/record`: the same ones are counted, similar ones put together,
 * and too many about one object dropped. Events about one object are written in order.
 *
 * ```ts
 * const broadcaster = createEventBroadcaster({ client: runtime.client })
 * const recorder = broadcaster.newRecorder({ component: 'robot-controller' })
 * recorder.event(robot, 'Normal', 'Charged', 'The battery is full')
 * await broadcaster.shutdown()
 * ```
 */
export function createEventBroadcaster(options: EventBroadcasterOptions = {}): EventBroadcaster {
  return new Broadcaster(options)
}

type Handler = (event: RecordedEvent) => void | Promise<void>

class Broadcaster implements EventBroadcaster {
  readonly #options: EventBroadcasterOptions
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #handlers = new Set<Handler>()
  readonly #underway = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(options: EventBroadcasterOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#onError = reportErrors(options.onError)
    if (options.client !== undefined) this.startRecordingToSink(clientSink(options.client))
  }

  newRecorder(source: EventSource): EventRecorder {
    return new SourceRecorder(source, {
      clock: this.#clock,
      record: (event) => this.#record(event),
      onError: this.#onError,
    })
  }

  startRecordingToSink(sink: EventSink): () => void {
    const onError = this.#onError
    const writer = new EventWriter({
      sink,
      correlator: this.#options,
      clock: this.#clock,
      onError,
      stop: this.#stop.signal,
    })
    const queue = new EventQueue()
    return this.startEventWatcher((event) => {
      if (queue.size === maxQueuedEvents) {
        throw new EventError('Unable to record event: too many queued events, dropped event', event)
      }
      return queue.add(this.#laneOf(event), () => writer.write(event).catch(onError))
    })
  }

  startLogging(log: (line: string) => void): () => void {
    return this.startEventWatcher((event) => log(logLine(event)))
  }

  startEventWatcher(handler: Handler): () => void {
    // Of its own: the same function may be started twice.
    const started: Handler = (event) => handler(event)
    this.#handlers.add(started)
    return () => {
      this.#handlers.delete(started)
    }
  }

  async flush(): Promise<void> {
    await Promise.all(this.#underway)
  }

  async shutdown(): Promise<void> {
    this.#stop.abort()
    await this.flush()
  }

  #record(event: RecordedEvent): void {
    if (this.#stop.signal.aborted) {
      this.#onError(
        new EventError('Unable to record event (will not retry!): broadcaster already stopped', event),
      )
      return
    }
    for (const handler of this.#handlers) {
      const handled = call(handler, event, this.#onError)
      this.#underway.add(handled)
      void handled.then(() => this.#underway.delete(handled))
    }
  }

  /** What is put together is written in order: by default that is about one object. */
  #laneOf({ involvedObject: { apiVersion, kind, namespace = '', name } }: RecordedEvent): string {
    return this.#options.keyFunc === undefined ? [apiVersion, kind, namespace, name].join('\0') : ''
  }
}

/** Never rejects. */
async function call(
  handler: Handler,
  event: RecordedEvent,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await handler(event)
  } catch (error) {
    onError(error)
  }
}

/** `StartLogging`, with Go's `%#v` of the reference. */
function logLine({ involvedObject: object, type, reason, message }: RecordedEvent): string {
  const reference = [
    ['Kind', object.kind],
    ['Namespace', object.namespace],
    ['Name', object.name],
    ['UID', object.uid],
    ['APIVersion', object.apiVersion],
    ['ResourceVersion', object.resourceVersion],
    ['FieldPath', object.fieldPath],
  ].map(([field, value]) => `${field}:${quote(value ?? '')}`)
  return `Event(v1.ObjectReference{${reference.join(', ')}}): type: '${type}' reason: '${reason}' ${message}`
}
