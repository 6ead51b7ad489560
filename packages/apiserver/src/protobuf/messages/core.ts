import type { Message } from '../message.ts'
import { objectMeta } from './meta.ts'
import { microTime, quantity, time } from './well-known.ts'

export const namespaceSpec: Message = {
  name: 'NamespaceSpec',
  fields: {
    finalizers: [1, { listOf: 'string' }],
  },
}

export const namespaceCondition: Message = {
  name: 'NamespaceCondition',
  fields: {
    type: [1, 'string', 'always'],
    status: [2, 'string', 'always'],
    lastTransitionTime: [4, time],
    reason: [5, 'string'],
    message: [6, 'string'],
  },
}

export const namespaceStatus: Message = {
  name: 'NamespaceStatus',
  fields: {
    phase: [1, 'string'],
    conditions: [2, { listOf: namespaceCondition }],
  },
}

export const namespace: Message = {
  name: 'Namespace',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, namespaceSpec],
    status: [3, namespaceStatus],
  },
}

export const configMap: Message = {
  name: 'ConfigMap',
  fields: {
    metadata: [1, objectMeta],
    immutable: [4, 'bool', 'pointer'],
    data: [2, { mapOf: 'string' }],
    binaryData: [3, { mapOf: 'bytes' }],
  },
}

export const secret: Message = {
  name: 'Secret',
  fields: {
    metadata: [1, objectMeta],
    immutable: [5, 'bool', 'pointer'],
    data: [2, { mapOf: 'bytes' }],
    stringData: [4, { mapOf: 'string' }],
    type: [3, 'string'],
  },
}

export const objectReference: Message = {
  name: 'ObjectReference',
  fields: {
    kind: [1, 'string'],
    namespace: [2, 'string'],
    name: [3, 'string'],
    uid: [4, 'string'],
    apiVersion: [5, 'string'],
    resourceVersion: [6, 'string'],
    fieldPath: [7, 'string'],
  },
}

export const localObjectReference: Message = {
  name: 'LocalObjectReference',
  fields: {
    name: [1, 'string'],
  },
}

export const serviceAccount: Message = {
  name: 'ServiceAccount',
  fields: {
    metadata: [1, objectMeta],
    secrets: [2, { listOf: objectReference }],
    imagePullSecrets: [3, { listOf: localObjectReference }],
    automountServiceAccountToken: [4, 'bool', 'pointer'],
  },
}

export const eventSource: Message = {
  name: 'EventSource',
  fields: {
    component: [1, 'string'],
    host: [2, 'string'],
  },
}

export const eventSeries: Message = {
  name: 'EventSeries',
  fields: {
    count: [1, 'int32'],
    lastObservedTime: [2, microTime],
  },
}

export const event: Message = {
  name: 'Event',
  fields: {
    metadata: [1, objectMeta],
    involvedObject: [2, objectReference],
    reason: [3, 'string'],
    message: [4, 'string'],
    source: [5, eventSource],
    firstTimestamp: [6, time],
    lastTimestamp: [7, time],
    count: [8, 'int32'],
    type: [9, 'string'],
    eventTime: [10, microTime],
    series: [11, eventSeries, 'pointer'],
    action: [12, 'string'],
    related: [13, objectReference, 'pointer'],
    reportingComponent: [14, 'string', 'always'],
    reportingInstance: [15, 'string', 'always'],
  },
}

export const scopedResourceSelectorRequirement: Message = {
  name: 'ScopedResourceSelectorRequirement',
  fields: {
    scopeName: [1, 'string', 'always'],
    operator: [2, 'string', 'always'],
    values: [3, { listOf: 'string' }],
  },
}

export const scopeSelector: Message = {
  name: 'ScopeSelector',
  fields: {
    matchExpressions: [1, { listOf: scopedResourceSelectorRequirement }],
  },
}

export const resourceQuotaSpec: Message = {
  name: 'ResourceQuotaSpec',
  fields: {
    hard: [1, { mapOf: quantity }],
    scopes: [2, { listOf: 'string' }],
    scopeSelector: [3, scopeSelector, 'pointer'],
  },
}

export const resourceQuotaStatus: Message = {
  name: 'ResourceQuotaStatus',
  fields: {
    hard: [1, { mapOf: quantity }],
    used: [2, { mapOf: quantity }],
  },
}

export const resourceQuota: Message = {
  name: 'ResourceQuota',
  fields: {
    metadata: [1, objectMeta],
    spec: [2, resourceQuotaSpec],
    status: [3, resourceQuotaStatus],
  },
}
