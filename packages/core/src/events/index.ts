// Events about objects: `k8s.io/client-go/tools/record`, and `tools/events` for those of `events.k8s.io/v1`.
export type { CorrelatorOptions } from './correlator-options.ts'
export {
  createEventBroadcaster,
  type EventBroadcaster,
  type EventBroadcasterOptions,
} from './event-broadcaster.ts'
export type { EventPatch } from './event-counter.ts'
export type { EventError } from './event-error.ts'
export type * from './event-recorder.ts'
export { clientSink, type EventSink } from './event-sink.ts'
export type { EventSource } from './event-source.ts'
export { type EventReference, type RecordedEvent, userAnnotation } from './recorded-event.ts'
export {
  createSeriesBroadcaster,
  type SeriesBroadcaster,
  type SeriesBroadcasterOptions,
} from './series-broadcaster.ts'
export type * from './series-event.ts'
export type { SeriesEventRecorder, SeriesEventSource } from './series-recorder.ts'
