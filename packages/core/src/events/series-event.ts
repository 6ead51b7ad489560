import type { KubernetesObject } from '@k1s/apimachinery'
import type { EventReference } from './recorded-event.ts'

/** How often an Event happened, and when it last did: RFC 3339 in UTC, in microseconds. */
export interface EventSeries {
  readonly count: number
  readonly lastObservedTime: string
}

/** An Event of `events.k8s.io/v1` with the fields that series recorders set. */
export interface SeriesEvent extends KubernetesObject {
  readonly apiVersion: 'events.k8s.io/v1'
  readonly kind: 'Event'
  /** When it first happened: RFC 3339 in UTC, in microseconds. */
  readonly eventTime: string
  /** From the second time on. */
  readonly series?: EventSeries
  readonly reportingController: string
  readonly reportingInstance: string
  /** What was done, or failed: one word in UpperCamelCase, as the reason. */
  readonly action: string
  readonly reason: string
  readonly regarding: EventReference
  /** A second object that took part. */
  readonly related?: EventReference
  readonly note: string
  readonly type: string
}
