import { type Clock, formatMicroTime, type KubernetesObject } from '@k1s/apimachinery'
import type { UserInfo } from '../request.ts'
import { checkEvent } from './check-event.ts'
import { generateEventName, uniqueNanoseconds } from './event-name.ts'
import type { EventType } from './event-recorder.ts'
import { eventReference } from './event-reference.ts'
import { formatMessage } from './format-message.ts'
import { userAnnotation } from './recorded-event.ts'
import type { SeriesEvent } from './series-event.ts'

/** Who records Events of `events.k8s.io/v1`. */
export interface SeriesEventSource {
  /** A qualified name, such as `example.com/robot-controller`. */
  readonly reportingController: string
  /** Default: the controller and the name of this machine. */
  readonly reportingInstance?: string
  /** In whose name; told by the annotation `k1s.dev/user`. */
  readonly user?: UserInfo
}

/**
 * Records Events about objects with what was done: `events.EventRecorder` of `k8s.io/client-go/tools/events`. As with an
 * EventRecorder, nothing is thrown and nothing awaited.
 */
export interface SeriesEventRecorder {
  /** `related` is a second object that took part. Formats the note with the verbs of Node's `util.format`. */
  eventf(
    regarding: KubernetesObject,
    related: KubernetesObject | undefined,
    type: EventType,
    reason: string,
    action: string,
    note: string,
    ...values: unknown[]
  ): void
  annotatedEventf(
    regarding: KubernetesObject,
    related: KubernetesObject | undefined,
    annotations: { readonly [name: string]: string },
    type: EventType,
    reason: string,
    action: string,
    note: string,
    ...values: unknown[]
  ): void
}

interface Destination {
  readonly clock: Clock
  record(event: SeriesEvent): void
  onError(error: unknown): void
}

export class SeriesSourceRecorder implements SeriesEventRecorder {
  readonly #source: Required<Omit<SeriesEventSource, 'user'>>
  readonly #annotations: { readonly [name: string]: string }
  readonly #destination: Destination

  constructor(
    { user, ...source }: Required<Omit<SeriesEventSource, 'user'>> & Pick<SeriesEventSource, 'user'>,
    destination: Destination,
  ) {
    this.#source = source
    this.#annotations = user === undefined ? {} : { [userAnnotation]: user.name }
    this.#destination = destination
  }

  eventf(
    regarding: KubernetesObject,
    related: KubernetesObject | undefined,
    type: EventType,
    reason: string,
    action: string,
    note: string,
    ...values: unknown[]
  ): void {
    this.annotatedEventf(regarding, related, {}, type, reason, action, note, ...values)
  }

  annotatedEventf(
    regarding: KubernetesObject,
    related: KubernetesObject | undefined,
    annotations: { readonly [name: string]: string },
    type: EventType,
    reason: string,
    action: string,
    text: string,
    ...values: unknown[]
  ): void {
    const { clock, record, onError } = this.#destination
    try {
      const note = formatMessage(text, ...values)
      const event = `${type} ${reason}: ${note}`
      const reference = eventReference(regarding, event)
      checkEvent(reference, type, reason, note)
      const all = { ...annotations, ...this.#annotations }
      record({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: {
          name: generateEventName(reference.name, uniqueNanoseconds(clock)),
          namespace: reference.namespace ?? 'default',
          ...(Object.keys(all).length > 0 && { annotations: all }),
        },
        eventTime: formatMicroTime(clock.now()),
        ...this.#source,
        action,
        reason,
        regarding: reference,
        ...(related !== undefined && { related: eventReference(related, event) }),
        note,
        type,
      })
    } catch (error) {
      onError(error)
    }
  }
}
