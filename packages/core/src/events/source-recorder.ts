import { type Clock, formatTime, type KubernetesObject } from '@k1s/apimachinery'
import { checkEvent } from './check-event.ts'
import { generateEventName, uniqueNanoseconds } from './event-name.ts'
import type { EventRecorder, EventType } from './event-recorder.ts'
import { eventReference } from './event-reference.ts'
import type { EventSource } from './event-source.ts'
import { formatMessage } from './format-message.ts'
import { type EventReference, type RecordedEvent, userAnnotation } from './recorded-event.ts'

interface Broadcast {
  readonly clock: Clock
  record(event: RecordedEvent): void
  onError(error: unknown): void
}

type Annotations = { readonly [name: string]: string }

/** Makes Events in the name of a source: `recorderImpl` of `k8s.io/client-go/tools/record/event.go`. */
export class SourceRecorder implements EventRecorder {
  readonly #source: EventSource
  readonly #broadcast: Broadcast

  constructor(source: EventSource, broadcast: Broadcast) {
    this.#source = source
    this.#broadcast = broadcast
  }

  event(object: KubernetesObject, type: EventType, reason: string, message: string): void {
    this.#generate(object, undefined, type, reason, () => message)
  }

  eventf(
    object: KubernetesObject,
    type: EventType,
    reason: string,
    text: string,
    ...values: unknown[]
  ): void {
    this.#generate(object, undefined, type, reason, () => formatMessage(text, ...values))
  }

  annotatedEventf(
    object: KubernetesObject,
    annotations: Annotations,
    type: EventType,
    reason: string,
    text: string,
    ...values: unknown[]
  ): void {
    this.#generate(object, annotations, type, reason, () => formatMessage(text, ...values))
  }

  #generate(
    object: KubernetesObject,
    annotations: Annotations | undefined,
    type: EventType,
    reason: string,
    messageOf: () => string,
  ): void {
    const { record, onError } = this.#broadcast
    try {
      const message = messageOf()
      const reference = eventReference(object, `${type} ${reason}: ${message}`)
      checkEvent(reference, type, reason, message)
      record(this.#makeEvent(reference, annotations, type, reason, message))
    } catch (error) {
      onError(error)
    }
  }

  #makeEvent(
    involvedObject: EventReference,
    given: Annotations | undefined,
    type: EventType,
    reason: string,
    message: string,
  ): RecordedEvent {
    const { component, host, user } = this.#source
    const { reportingController = component, reportingInstance = host ?? '' } = this.#source
    const { clock } = this.#broadcast
    const time = formatTime(clock.now())
    const annotations = { ...given, ...(user !== undefined && { [userAnnotation]: user.name }) }
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: generateEventName(involvedObject.name, uniqueNanoseconds(clock)),
        namespace: involvedObject.namespace ?? 'default',
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      involvedObject,
      reason,
      message,
      source: { component, ...(host !== undefined && { host }) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      reportingComponent: reportingController,
      reportingInstance,
    }
  }
}
