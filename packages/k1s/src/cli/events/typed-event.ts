import type { Event } from './event.ts'

/** Fields in the order of `v1.Event` of `k8s.io/api/core/v1/types.go`. */
const eventFields = [
  'metadata',
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'series',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
]

const referenceFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']

const fieldsWithin: { readonly [field: string]: readonly string[] } = {
  metadata: [
    'name',
    'generateName',
    'namespace',
    'selfLink',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'labels',
    'annotations',
    'ownerReferences',
    'finalizers',
    'managedFields',
  ],
  involvedObject: referenceFields,
  related: referenceFields,
  source: ['component', 'host'],
  series: ['count', 'lastObservedTime'],
}

/** What Go writes of an Event that does not have it. */
const zeroValues: { readonly [field: string]: unknown } = {
  involvedObject: {},
  source: {},
  firstTimestamp: null,
  lastTimestamp: null,
  eventTime: null,
  reportingComponent: '',
  reportingInstance: '',
}

/** The Event as `kubectl events` prints it, which has made a Go struct of it: that has more fields, in another order. */
export function typedEvent(event: Event): Event {
  const typed: Event = { kind: 'Event', apiVersion: 'v1', metadata: {} }
  for (const field of eventFields) {
    const value = event[field] ?? zeroValues[field]
    if (value === undefined) continue
    const order = fieldsWithin[field]
    typed[field] = order === undefined ? value : inOrder(value as { [field: string]: unknown }, order)
  }
  return typed
}

function inOrder(value: { readonly [field: string]: unknown }, fields: readonly string[]): object {
  return Object.fromEntries(
    fields.flatMap((field) => (value[field] === undefined ? [] : [[field, value[field]]])),
  )
}
