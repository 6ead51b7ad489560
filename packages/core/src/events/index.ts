// Events about objects: `k8s.io/client-go/tools/record`.
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
