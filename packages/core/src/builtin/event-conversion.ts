import type { Unstructured } from '@k1s/apimachinery'

/** An Event of `v1`, as it is stored. */
export interface CoreEvent extends Unstructured {
  involvedObject?: ObjectReference
  reason?: string
  message?: string
  source?: { component?: string; host?: string }
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  count?: number
  type?: string
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string }
  action?: string
  related?: ObjectReference
  reportingComponent?: string
  reportingInstance?: string
}

interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}

export const eventsApiVersion = 'events.k8s.io/v1'

/** Fields that differ in name only: `k8s.io/kubernetes/pkg/apis/events/v1/conversion.go`. */
const eventsNameOf: { readonly [coreName: string]: string } = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
}

const coreNameOf = Object.fromEntries(Object.entries(eventsNameOf).map(([core, events]) => [events, core]))

/** The same Event in the other group's shape. */
export function convertEvent(event: Unstructured, toApiVersion: string): Unstructured {
  if (event.apiVersion === toApiVersion) return event
  const names = toApiVersion === eventsApiVersion ? eventsNameOf : coreNameOf
  const converted: Unstructured = { ...event }
  for (const [from, to] of Object.entries(names)) {
    if (converted[from] === undefined) continue
    converted[to] = converted[from]
    delete converted[from]
  }
  converted.apiVersion = toApiVersion
  return converted
}
