import type { TypedObject } from './kubernetes-protobuf.ts'

const admissionregistration = 'admissionregistration.k8s.io/v1'

/** The resources whose kinds have a message in `kinds.ts`, which only a request that needs one loads. */
const kinds: { readonly [apiVersion: string]: { readonly [resource: string]: string } } = {
  v1: {
    configmaps: 'ConfigMap',
    events: 'Event',
    namespaces: 'Namespace',
    resourcequotas: 'ResourceQuota',
    secrets: 'Secret',
    serviceaccounts: 'ServiceAccount',
  },
  [admissionregistration]: {
    mutatingadmissionpolicies: 'MutatingAdmissionPolicy',
    mutatingadmissionpolicybindings: 'MutatingAdmissionPolicyBinding',
    validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
    validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
  },
  'apiextensions.k8s.io/v1': { customresourcedefinitions: 'CustomResourceDefinition' },
  'coordination.k8s.io/v1': { leases: 'Lease' },
  'events.k8s.io/v1': { events: 'Event' },
}

interface ResourceOfRequest {
  readonly group: string
  readonly version: string
  readonly resource: string
}

/** What objects of a resource are, if they can be written as protobuf; undefined of custom resources, which cannot. */
export function protobufKindOf({ group, version, resource }: ResourceOfRequest): TypedObject | undefined {
  const apiVersion = group === '' ? version : `${group}/${version}`
  const resources = Object.hasOwn(kinds, apiVersion) ? kinds[apiVersion]! : {}
  return Object.hasOwn(resources, resource) ? { apiVersion, kind: resources[resource]! } : undefined
}
