import { type RecordedEvent, userAnnotation } from './recorded-event.ts'

/** How similar Events are put together and too many are dropped: `record.CorrelatorOptions`. */
export interface CorrelatorOptions {
  /** How many objects and kinds of Events are remembered. Default: 4096. */
  readonly lruCacheSize?: number
  /** How many Events a source may record about an object before `qps` counts. Default: 25. */
  readonly burstSize?: number
  /** How many per second it may record from then on. Default: 1 in 300 seconds. */
  readonly qps?: number
  /**
   * Events with the same `aggregateKey` are similar; those that have the same `localKey` as well are the same. Default: Events
   * are similar if nothing but their message differs.
   */
  readonly keyFunc?: (event: RecordedEvent) => { readonly aggregateKey: string; readonly localKey: string }
  /** The message of similar Events that are put together. Default: `(combined from similar events): ` and that of the last one. */
  readonly messageFunc?: (event: RecordedEvent) => string
  /** How many different ones there have to be before similar Events are put together. Default: 10. */
  readonly maxEvents?: number
  /** Similar Events are forgotten after this many seconds without another one. Default: 600. */
  readonly maxIntervalInSeconds?: number
  /** Which Events count together for `burstSize` and `qps`. Default: those of a source, object and type. */
  readonly spamKeyFunc?: (event: RecordedEvent) => string
}

/** Fills in the defaults, also for 0: `populateDefaults` of `k8s.io/client-go/tools/record/events_cache.go`. */
export function correlatorOptionsOf(options: CorrelatorOptions): Required<CorrelatorOptions> {
  return {
    lruCacheSize: options.lruCacheSize || 4096,
    burstSize: options.burstSize || 25,
    qps: options.qps || 1 / 300,
    keyFunc: options.keyFunc ?? aggregateByReason,
    messageFunc: options.messageFunc ?? ((event) => `(combined from similar events): ${event.message}`),
    maxEvents: options.maxEvents || 10,
    maxIntervalInSeconds: options.maxIntervalInSeconds || 600,
    spamKeyFunc: options.spamKeyFunc ?? spamKey,
  }
}

/** Events with the same key become one Event with a count. */
export function eventKey(event: RecordedEvent): string {
  const { fieldPath = '' } = event.involvedObject
  return joinKey(...sourceAndObject(event), fieldPath, event.type, event.reason, event.message)
}

function aggregateByReason(event: RecordedEvent) {
  const { type, reason, reportingComponent, reportingInstance, message } = event
  return {
    aggregateKey: joinKey(...sourceAndObject(event), type, reason, reportingComponent, reportingInstance),
    localKey: message,
  }
}

function spamKey(event: RecordedEvent): string {
  return joinKey(...sourceAndObject(event), event.type)
}

/** Includes the user, so that what several did is not put together in the name of one. */
function sourceAndObject({ source, involvedObject, metadata }: RecordedEvent): string[] {
  const { kind, namespace = '', name, uid = '', apiVersion } = involvedObject
  const user = metadata.annotations?.[userAnnotation] ?? ''
  return [source.component, source.host ?? '', user, kind, namespace, name, uid, apiVersion]
}

function joinKey(...parts: string[]): string {
  return parts.join('\0')
}
