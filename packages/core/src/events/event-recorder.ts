import type { KubernetesObject } from '@k1s/apimachinery'

export type EventType = 'Normal' | 'Warning'

/**
 * Records Events about objects: `record.EventRecorder`. Nothing is thrown, and nothing need be awaited: what could not be
 * written is told to the broadcaster's log. Whoever ends the process first awaits the broadcaster's `shutdown`.
 */
export interface EventRecorder {
  /** `reason` is one word in UpperCamelCase for programs, `message` is for people. */
  event(object: KubernetesObject, type: EventType, reason: string, message: string): void
  /** Formats the message with the verbs of Node's `util.format`. */
  eventf(
    object: KubernetesObject,
    type: EventType,
    reason: string,
    format: string,
    ...values: unknown[]
  ): void
  annotatedEventf(
    object: KubernetesObject,
    annotations: { readonly [name: string]: string },
    type: EventType,
    reason: string,
    format: string,
    ...values: unknown[]
  ): void
}
