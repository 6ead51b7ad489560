import {
  append,
  equalJson,
  type FieldError,
  fieldError,
  isDNS1123Subdomain,
  isQualifiedName,
} from '@k1s/apimachinery'
import type { ResourceDefinition, ResourceStrategy } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { eventColumns } from './event-columns.ts'
import { type CoreEvent, convertEvent } from './event-conversion.ts'

/** Seconds that Events are kept: `--event-ttl` of kube-apiserver. */
export const defaultEventTtl = 3600

const strategy: ResourceStrategy = {
  allowCreateOnUpdate: true,
  ttl: () => defaultEventTtl,
  convert: (object, toApiVersion) => convertEvent(object, toApiVersion),
  validate: (object) => validateLegacyEvent(object as CoreEvent),
  validateUpdate: (object) => validateLegacyEvent(object as CoreEvent),
  selectableFields: {
    'involvedObject.kind': (object) => (object as CoreEvent).involvedObject?.kind ?? '',
    'involvedObject.namespace': (object) => (object as CoreEvent).involvedObject?.namespace ?? '',
    'involvedObject.name': (object) => (object as CoreEvent).involvedObject?.name ?? '',
    'involvedObject.uid': (object) => (object as CoreEvent).involvedObject?.uid ?? '',
    'involvedObject.apiVersion': (object) => (object as CoreEvent).involvedObject?.apiVersion ?? '',
    'involvedObject.resourceVersion': (object) => (object as CoreEvent).involvedObject?.resourceVersion ?? '',
    'involvedObject.fieldPath': (object) => (object as CoreEvent).involvedObject?.fieldPath ?? '',
    reason: (object) => (object as CoreEvent).reason ?? '',
    reportingComponent: (object) => (object as CoreEvent).reportingComponent ?? '',
    source: (object) => {
      const event = object as CoreEvent
      return event.source?.component || event.reportingComponent || ''
    },
    type: (object) => (object as CoreEvent).type ?? '',
  },
}

/** Events as `v1`, which is also how they are stored. */
export const coreEventDefinition: ResourceDefinition = defineBuiltin({
  group: '',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  scope: 'Namespaced',
  printerColumns: eventColumns,
  struct: () => import('./types/event.ts').then((types) => types.coreEvent),
  strategy,
})

const selectableThroughEvents = Object.fromEntries(
  Object.entries(strategy.selectableFields ?? {}).map(([field, read]) => [
    field.replace('involvedObject.', 'regarding.').replace('reportingComponent', 'reportingController'),
    read,
  ]),
)

/** The same Events as `events.k8s.io/v1`, which validates strictly. */
export const eventsEventDefinition: ResourceDefinition = {
  ...defineBuiltin({
    group: 'events.k8s.io',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    scope: 'Namespaced',
    printerColumns: eventColumns,
    struct: () => import('./types/events-event.ts').then((types) => types.eventsEvent),
    strategy: {
      ...strategy,
      validate: (object) => validateEvent(object as CoreEvent),
      validateUpdate: (object, old) => validateEventUpdate(object as CoreEvent, old as CoreEvent),
      selectableFields: { ...selectableThroughEvents, ...strategy.selectableFields },
    },
  }),
  viewOf: { group: '', plural: 'events' },
  storageApiVersion: 'v1',
}

/** `ValidateEventCreate` of `k8s.io/kubernetes/pkg/apis/core/validation/events.go` for events.k8s.io/v1. */
function validateEvent(event: CoreEvent): FieldError[] {
  const errors = [...validateLegacyEvent(event), ...validateSeries(event)]
  if (!event.eventTime) errors.push(fieldError.required('eventTime'))
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(fieldError.invalid('type', '', `has invalid value: ${event.type ?? ''}`))
  }
  const unset = 'needs to be unset'
  if (event.firstTimestamp) errors.push(fieldError.invalid('firstTimestamp', '', unset))
  if (event.lastTimestamp) errors.push(fieldError.invalid('lastTimestamp', '', unset))
  if (event.count) errors.push(fieldError.invalid('count', '', unset))
  if (event.source?.component || event.source?.host) errors.push(fieldError.invalid('source', '', unset))
  return errors
}

const immutableFields = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
] as const

function validateEventUpdate(event: CoreEvent, old: CoreEvent): FieldError[] {
  const errors = validateLegacyEvent(event)
  if (!equalJson(event.series ?? null, old.series ?? null)) append(errors, validateSeries(event))
  for (const field of immutableFields) {
    if (equalJson(event[field] ?? null, old[field] ?? null)) continue
    const path = field === 'reportingComponent' ? 'reportingController' : field
    errors.push(fieldError.invalid(path, event[field], 'field is immutable'))
  }
  return errors
}

function validateSeries({ series }: CoreEvent): FieldError[] {
  if (series === undefined) return []
  const errors: FieldError[] = []
  if ((series.count ?? 0) < 2) errors.push(fieldError.invalid('series.count', '', 'should be at least 2'))
  if (!series.lastObservedTime) errors.push(fieldError.required('series.lastObservedTime'))
  return errors
}

function validateLegacyEvent(event: CoreEvent): FieldError[] {
  const namespace = event.metadata.namespace ?? ''
  const involved = event.involvedObject?.namespace ?? ''
  const mismatch = fieldError.invalid('involvedObject.namespace', involved, 'does not match event.namespace')
  const errors: FieldError[] = []
  if (!event.eventTime) {
    const allowed = involved === '' ? ['', 'default'] : [involved]
    if (!allowed.includes(namespace)) errors.push(mismatch)
  } else {
    if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(mismatch)
    append(errors, validateReporting(event))
  }
  for (const message of isDNS1123Subdomain(namespace)) {
    errors.push(fieldError.invalid('namespace', namespace, message))
  }
  return errors
}

function validateReporting(event: CoreEvent): FieldError[] {
  const errors: FieldError[] = []
  const controller = event.reportingComponent ?? ''
  if (controller === '') errors.push(fieldError.required('reportingController'))
  for (const message of isQualifiedName(controller)) {
    errors.push(fieldError.invalid('reportingController', controller, message))
  }
  for (const field of ['reportingInstance', 'action', 'reason'] as const) {
    const value = event[field] ?? ''
    if (value === '') errors.push(fieldError.required(field))
    if (value.length > 128) errors.push(fieldError.invalid(field, '', 'can have at most 128 characters'))
  }
  if ((event.message ?? '').length > 1024) {
    errors.push(fieldError.invalid('message', '', 'can have at most 1024 characters'))
  }
  return errors
}
