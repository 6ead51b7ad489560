import type { KubernetesObject } from '@k1s/apimachinery'
import type { Client, Kind } from '@k1s/core'
import { describeObject, requireObject } from './describe-object.ts'
import { matchesText } from './matches-text.ts'

/** `v1` Event, the fields that tests look at. */
export interface Event extends KubernetesObject {
  readonly involvedObject: {
    readonly kind?: string
    readonly namespace?: string
    readonly name?: string
    readonly uid?: string
  }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly series?: { readonly count?: number }
}

/** Which Event is meant: one for which all that is set holds. */
export interface EventDetails {
  readonly type?: 'Normal' | 'Warning'
  readonly reason?: string
  /** The whole message, or an expression for it. */
  readonly message?: string | RegExp
}

const Event: Kind<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
}

/** The first Event about the object that is meant, or what is wrong. */
export async function findEvent(
  client: Client,
  object: KubernetesObject,
  wanted: EventDetails = {},
): Promise<{ readonly event: Event } | { readonly problem: string }> {
  requireObject(object)
  const { namespace = 'default' } = object.metadata
  const { items } = await client.list(Event, { namespace })
  const about = items.filter(({ involvedObject }) => isAbout(involvedObject, object))
  const event = about.find((each) => isMeant(each, wanted))
  if (event !== undefined) return { event }
  const there =
    about.length === 0
      ? 'there are none about it'
      : `there are:\n${about.map((one) => `  ${formatEvent(one)}`).join('\n')}`
  const { message, ...rest } = wanted
  const text = formatEvent({ ...rest, ...(message !== undefined && { message: String(message) }) })
  return { problem: `no Event${text && ` ${text}`} about ${describeObject(object)}; ${there}` }
}

function isAbout({ kind, name, uid }: Event['involvedObject'], object: KubernetesObject): boolean {
  if (kind !== object.kind || name !== object.metadata.name) return false
  return !uid || object.metadata.uid === undefined || uid === object.metadata.uid
}

function isMeant(event: Event, { type, reason, message }: EventDetails): boolean {
  return (
    (type === undefined || event.type === type) &&
    (reason === undefined || event.reason === reason) &&
    matchesText(event.message, message)
  )
}

function formatEvent({
  type,
  reason,
  message,
}: {
  type?: string
  reason?: string
  message?: string
}): string {
  return [type, reason, message && JSON.stringify(message)].filter(Boolean).join(' ')
}
