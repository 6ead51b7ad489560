import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'
import { objectReference } from './object-reference.ts'

export const eventSource: GoStruct = {
  name: 'EventSource',
  package: 'io.k8s.api.core.v1',
  description: 'Who reports an event.',
  fields: {
    component: { type: 'string', description: 'The component that reports.' },
    host: { type: 'string', description: 'The node on which that runs.' },
  },
}

export const coreEventSeries: GoStruct = {
  name: 'EventSeries',
  package: 'io.k8s.api.core.v1',
  description: 'Repetitions of an event.',
  fields: {
    count: { type: 'int32', description: 'How often it happened so far.' },
    lastObservedTime: { type: 'microTime', description: 'When it last happened.' },
  },
}

export const coreEvent: GoStruct = {
  name: 'Event',
  package: 'io.k8s.api.core.v1',
  description: 'A report of something that happened to an object. Events are kept for a limited time.',
  fields: {
    ...typeMeta,
    metadata: { ...objectMetadata, required: true },
    action: { type: 'string', description: 'What was done about the object.' },
    count: { type: 'int32', description: 'How often this happened.' },
    eventTime: { type: 'microTime', description: 'When this first happened.' },
    firstTimestamp: { type: 'time', description: 'When this first happened, as older reporters say it.' },
    involvedObject: {
      type: objectReference,
      description: 'The object that this is about.',
      required: true,
      default: {},
    },
    lastTimestamp: { type: 'time', description: 'When this last happened.' },
    message: { type: 'string', description: 'What happened, for people to read.' },
    reason: { type: 'string', description: 'Why it happened, as one short word for programs to read.' },
    related: { type: objectReference, description: 'A second object that took part.' },
    reportingComponent: {
      type: 'string',
      description: 'Name of the controller that reports, such as "kubernetes.io/kubelet".',
      default: '',
    },
    reportingInstance: {
      type: 'string',
      description: 'Which instance of the controller reports.',
      default: '',
    },
    series: {
      type: coreEventSeries,
      description: 'What is known of the repetitions, if this happens over and over.',
    },
    source: { type: eventSource, description: 'Who reports, as older reporters say it.', default: {} },
    type: { type: 'string', description: 'Normal or Warning; others may be added.' },
  },
}
