import type { Message } from '../message.ts'
import { eventSource, objectReference } from './core.ts'
import { objectMeta } from './meta.ts'
import { microTime, time } from './well-known.ts'

export const eventSeries: Message = {
  name: 'EventSeries',
  fields: {
    count: [1, 'int32', 'always'],
    lastObservedTime: [2, microTime],
  },
}

export const event: Message = {
  name: 'Event',
  fields: {
    metadata: [1, objectMeta],
    eventTime: [2, microTime],
    series: [3, eventSeries, 'pointer'],
    reportingController: [4, 'string'],
    reportingInstance: [5, 'string'],
    action: [6, 'string'],
    reason: [7, 'string'],
    regarding: [8, objectReference],
    related: [9, objectReference, 'pointer'],
    note: [10, 'string'],
    type: [11, 'string'],
    deprecatedSource: [12, eventSource],
    deprecatedFirstTimestamp: [13, time],
    deprecatedLastTimestamp: [14, time],
    deprecatedCount: [15, 'int32'],
  },
}
