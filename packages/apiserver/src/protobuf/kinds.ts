import { formatGroupVersion } from '@k1s/apimachinery'
import type { Message } from './message.ts'
import {
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
} from './messages/admissionregistration.ts'
import { customResourceDefinition } from './messages/apiextensions.ts'
import { scale } from './messages/autoscaling.ts'
import { lease } from './messages/coordination.ts'
import { configMap, event, namespace, resourceQuota, secret, serviceAccount } from './messages/core.ts'
import { event as eventsEvent } from './messages/events.ts'
import { deleteOptions, listMeta, partialObjectMetadata, status } from './messages/meta.ts'

const stored = [
  ['v1', configMap],
  ['v1', event],
  ['v1', namespace],
  ['v1', resourceQuota],
  ['v1', secret],
  ['v1', serviceAccount],
  ['admissionregistration.k8s.io/v1', mutatingAdmissionPolicy],
  ['admissionregistration.k8s.io/v1', mutatingAdmissionPolicyBinding],
  ['admissionregistration.k8s.io/v1', validatingAdmissionPolicy],
  ['admissionregistration.k8s.io/v1', validatingAdmissionPolicyBinding],
  ['apiextensions.k8s.io/v1', customResourceDefinition],
  ['coordination.k8s.io/v1', lease],
  ['events.k8s.io/v1', eventsEvent],
  // What every resource can be read as.
  ['meta.k8s.io/v1', partialObjectMetadata],
  ['meta.k8s.io/v1beta1', partialObjectMetadata],
] as const satisfies readonly (readonly [apiVersion: string, Message])[]

const messages: ReadonlyMap<string, Message> = new Map<string, Message>([
  ...stored.flatMap(([apiVersion, message]): [string, Message][] => [
    [`${apiVersion}/${message.name}`, message],
    [`${apiVersion}/${message.name}List`, listOf(message)],
  ]),
  ['autoscaling/v1/Scale', scale],
  ['v1/Status', status],
])

function listOf(message: Message): Message {
  return {
    name: `${message.name}List`,
    fields: { metadata: [1, listMeta], items: [2, { listOf: message }, 'always'] },
  }
}

/** The message of a kind; undefined if it has none, as no custom resource has one. */
export function messageOf(apiVersion: string, kind: string): Message | undefined {
  // DeleteOptions are registered in every group, with the same message.
  return kind === 'DeleteOptions' ? deleteOptions : messages.get(`${apiVersion}/${kind}`)
}

/** Whether objects of a kind can be written as protobuf. */
export function hasProtobuf(group: string, version: string, kind: string): boolean {
  return messageOf(formatGroupVersion({ group, version }), kind) !== undefined
}
