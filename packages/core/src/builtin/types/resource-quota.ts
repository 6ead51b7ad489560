import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const scopedResourceSelectorRequirement: GoStruct = {
  name: 'ScopedResourceSelectorRequirement',
  package: 'io.k8s.api.core.v1',
  description: 'One requirement on a scope.',
  fields: {
    operator: {
      type: 'string',
      description: 'How the scope relates to the values: In, NotIn, Exists or DoesNotExist.',
      required: true,
      default: '',
      enum: ['DoesNotExist', 'Exists', 'In', 'NotIn'],
    },
    scopeName: {
      type: 'string',
      description: 'The scope.',
      required: true,
      default: '',
      enum: [
        'BestEffort',
        'CrossNamespacePodAffinity',
        'NotBestEffort',
        'NotTerminating',
        'PriorityClass',
        'Terminating',
        'VolumeAttributesClass',
      ],
    },
    values: {
      type: { listOf: 'string' },
      description: 'The values for In and NotIn. Must be empty for the others.',
      listType: 'atomic',
    },
  },
}

export const scopeSelector: GoStruct = {
  name: 'ScopeSelector',
  package: 'io.k8s.api.core.v1',
  description: 'Selects objects by scopes; all requirements must hold.',
  mapType: 'atomic',
  fields: {
    matchExpressions: {
      type: { listOf: scopedResourceSelectorRequirement },
      description: 'The requirements.',
      listType: 'atomic',
    },
  },
}

export const resourceQuotaSpec: GoStruct = {
  name: 'ResourceQuotaSpec',
  package: 'io.k8s.api.core.v1',
  description: 'The limits that are wanted.',
  fields: {
    hard: {
      type: { mapOf: 'quantity' },
      description: 'The limit of each named resource, such as "count/configmaps".',
    },
    scopeSelector: {
      type: scopeSelector,
      description: 'Restricts the quota to objects of these scopes, with operators and values.',
    },
    scopes: {
      type: { listOf: 'string' },
      description: 'Restricts the quota to objects that are in all of these scopes.',
      enum: [
        'BestEffort',
        'CrossNamespacePodAffinity',
        'NotBestEffort',
        'NotTerminating',
        'PriorityClass',
        'Terminating',
        'VolumeAttributesClass',
      ],
      listType: 'atomic',
    },
  },
}

export const resourceQuotaStatus: GoStruct = {
  name: 'ResourceQuotaStatus',
  package: 'io.k8s.api.core.v1',
  description: 'The limits in force and what is used of them.',
  fields: {
    hard: { type: { mapOf: 'quantity' }, description: 'The limit in force of each named resource.' },
    used: { type: { mapOf: 'quantity' }, description: 'What the namespace uses of each named resource.' },
  },
}

export const resourceQuota: GoStruct = {
  name: 'ResourceQuota',
  package: 'io.k8s.api.core.v1',
  description: 'Limits what may be used or created in a namespace.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: { type: resourceQuotaSpec, description: 'The limits that are wanted.', default: {} },
    status: {
      type: resourceQuotaStatus,
      description: 'The limits in force and what is used of them.',
      default: {},
    },
  },
}
