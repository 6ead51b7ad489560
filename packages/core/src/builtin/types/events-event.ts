import type { GoStruct } from '../../schema/go-type.ts'
import { eventSource } from './event.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'
import { objectReference } from './object-reference.ts'

export const eventsEventSeries: GoStruct = {
  name: 'EventSeries',
  package: 'io.k8s.api.events.v1',
  description: 'Repetitions of an event.',
  fields: {
    count: { type: 'int32', description: 'How often it happened so far.', required: true, default: 0 },
    lastObservedTime: { type: 'microTime', description: 'When it last happened.', required: true },
  },
}

export const eventsEvent: GoStruct = {
  name: 'Event',
  package: 'io.k8s.api.events.v1',
  description: 'A report of something that happened to an object. Events are kept for a limited time.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    action: {
      type: 'string',
      description: 'What was done about the object. At most 128 characters; required of new events.',
    },
    deprecatedCount: { type: 'int32', description: 'The count of the core API, for older clients.' },
    deprecatedFirstTimestamp: {
      type: 'time',
      description: 'The firstTimestamp of the core API, for older clients.',
    },
    deprecatedLastTimestamp: {
      type: 'time',
      description: 'The lastTimestamp of the core API, for older clients.',
    },
    deprecatedSource: {
      type: eventSource,
      description: 'The source of the core API, for older clients.',
      default: {},
    },
    eventTime: { type: 'microTime', description: 'When this first happened.', required: true },
    note: {
      type: 'string',
      description: 'What happened, for people to read. At most 1 KiB is to be relied on.',
    },
    reason: {
      type: 'string',
      description: 'Why it happened. At most 128 characters; required of new events.',
    },
    regarding: { type: objectReference, description: 'The object that this is about.', default: {} },
    related: { type: objectReference, description: 'A second object that took part.' },
    reportingController: {
      type: 'string',
      description:
        'Name of the controller that reports, such as "kubernetes.io/kubelet". Required of new events.',
    },
    reportingInstance: {
      type: 'string',
      description:
        'Which instance of the controller reports. At most 128 characters; required of new events.',
    },
    series: {
      type: eventsEventSeries,
      description: 'What is known of the repetitions, if this happens over and over.',
    },
    type: { type: 'string', description: 'Normal or Warning; others may be added.' },
  },
}
