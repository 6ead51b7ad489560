import type { KubernetesObject } from '@k1s/apimachinery'

/** `v1.ObjectReference`, as Events have it. */
export interface EventReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}

/** An Event of `v1` with the fields that recorders set. */
export interface RecordedEvent extends KubernetesObject {
  readonly apiVersion: 'v1'
  readonly kind: 'Event'
  readonly involvedObject: EventReference
  readonly type: string
  /** One word in UpperCamelCase, for programs. */
  readonly reason: string
  readonly message: string
  readonly source: { readonly component: string; readonly host?: string }
  readonly reportingComponent: string
  readonly reportingInstance: string
  /** RFC 3339 in UTC, in seconds. */
  readonly firstTimestamp: string
  readonly lastTimestamp: string
  /** How often it happened, from 1 on. */
  readonly count: number
}

/** The annotation that names the user in whose name an Event was recorded. */
export const userAnnotation = 'k1s.dev/user'
