import type { Message } from '../message.ts'
import { json, time } from './well-known.ts'

export const ownerReference: Message = {
  name: 'OwnerReference',
  fields: {
    apiVersion: [5, 'string', 'always'],
    kind: [1, 'string', 'always'],
    name: [3, 'string', 'always'],
    uid: [4, 'string', 'always'],
    controller: [6, 'bool', 'pointer'],
    blockOwnerDeletion: [7, 'bool', 'pointer'],
  },
}

export const managedFieldsEntry: Message = {
  name: 'ManagedFieldsEntry',
  fields: {
    manager: [1, 'string'],
    operation: [2, 'string'],
    apiVersion: [3, 'string'],
    time: [4, time, 'pointer'],
    fieldsType: [6, 'string'],
    fieldsV1: [7, json, 'pointer'],
    subresource: [8, 'string'],
  },
}

export const objectMeta: Message = {
  name: 'ObjectMeta',
  fields: {
    name: [1, 'string'],
    generateName: [2, 'string'],
    namespace: [3, 'string'],
    selfLink: [4, 'string'],
    uid: [5, 'string'],
    resourceVersion: [6, 'string'],
    generation: [7, 'int64'],
    creationTimestamp: [8, time, 'omitzero'],
    deletionTimestamp: [9, time, 'pointer'],
    deletionGracePeriodSeconds: [10, 'int64', 'pointer'],
    labels: [11, { mapOf: 'string' }],
    annotations: [12, { mapOf: 'string' }],
    ownerReferences: [13, { listOf: ownerReference }],
    finalizers: [14, { listOf: 'string' }],
    managedFields: [17, { listOf: managedFieldsEntry }],
  },
}

export const labelSelectorRequirement: Message = {
  name: 'LabelSelectorRequirement',
  fields: {
    key: [1, 'string', 'always'],
    operator: [2, 'string', 'always'],
    values: [3, { listOf: 'string' }],
  },
}

export const labelSelector: Message = {
  name: 'LabelSelector',
  fields: {
    matchLabels: [1, { mapOf: 'string' }],
    matchExpressions: [2, { listOf: labelSelectorRequirement }],
  },
}

export const condition: Message = {
  name: 'Condition',
  fields: {
    type: [1, 'string', 'always'],
    status: [2, 'string', 'always'],
    observedGeneration: [3, 'int64'],
    lastTransitionTime: [4, time],
    reason: [5, 'string', 'always'],
    message: [6, 'string', 'always'],
  },
}

export const shardInfo: Message = {
  name: 'ShardInfo',
  fields: {
    selector: [1, 'string', 'always'],
  },
}

export const listMeta: Message = {
  name: 'ListMeta',
  fields: {
    selfLink: [1, 'string'],
    resourceVersion: [2, 'string'],
    continue: [3, 'string'],
    remainingItemCount: [4, 'int64', 'pointer'],
    shardInfo: [5, shardInfo, 'pointer'],
  },
}

export const statusCause: Message = {
  name: 'StatusCause',
  fields: {
    reason: [1, 'string'],
    message: [2, 'string'],
    field: [3, 'string'],
  },
}

export const statusDetails: Message = {
  name: 'StatusDetails',
  fields: {
    name: [1, 'string'],
    group: [2, 'string'],
    kind: [3, 'string'],
    uid: [6, 'string'],
    causes: [4, { listOf: statusCause }],
    retryAfterSeconds: [5, 'int32'],
  },
}

export const status: Message = {
  name: 'Status',
  fields: {
    metadata: [1, listMeta],
    status: [2, 'string'],
    message: [3, 'string'],
    reason: [4, 'string'],
    details: [5, statusDetails, 'pointer'],
    code: [6, 'int32'],
  },
}

export const preconditions: Message = {
  name: 'Preconditions',
  fields: {
    uid: [1, 'string', 'pointer'],
    resourceVersion: [2, 'string', 'pointer'],
  },
}

export const deleteOptions: Message = {
  name: 'DeleteOptions',
  fields: {
    gracePeriodSeconds: [1, 'int64', 'pointer'],
    preconditions: [2, preconditions, 'pointer'],
    orphanDependents: [3, 'bool', 'pointer'],
    propagationPolicy: [4, 'string', 'pointer'],
    dryRun: [5, { listOf: 'string' }],
    ignoreStoreReadErrorWithClusterBreakingPotential: [6, 'bool', 'pointer'],
  },
}

export const partialObjectMetadata: Message = {
  name: 'PartialObjectMetadata',
  fields: {
    metadata: [1, objectMeta],
  },
}
