import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const namespaceSpec: GoStruct = {
  name: 'NamespaceSpec',
  package: 'io.k8s.api.core.v1',
  description: 'How a namespace behaves.',
  fields: {
    finalizers: {
      type: { listOf: 'string' },
      description: 'Names of what must be done before the namespace is removed from storage.',
      listType: 'atomic',
    },
  },
}

export const namespaceCondition: GoStruct = {
  name: 'NamespaceCondition',
  package: 'io.k8s.api.core.v1',
  description: "One aspect of a namespace's state.",
  fields: {
    lastTransitionTime: { type: 'time', description: 'When the status last changed.' },
    message: { type: 'string', description: 'Details of the last change, for people to read.' },
    reason: { type: 'string', description: 'Why the status last changed, in one word for programs to read.' },
    status: { type: 'string', description: 'True, False or Unknown.', required: true, default: '' },
    type: { type: 'string', description: 'Which condition it is.', required: true, default: '' },
  },
}

export const namespaceStatus: GoStruct = {
  name: 'NamespaceStatus',
  package: 'io.k8s.api.core.v1',
  description: 'The state of a namespace.',
  fields: {
    conditions: {
      type: { listOf: namespaceCondition },
      description: 'How far the removal of its content has come.',
      listType: 'map',
      listMapKeys: ['type'],
      patchStrategy: ['merge'],
      patchMergeKey: 'type',
    },
    phase: {
      type: 'string',
      description: 'The stage of its life: Active or Terminating.',
      enum: ['Active', 'Terminating'],
    },
  },
}

export const namespace: GoStruct = {
  name: 'Namespace',
  package: 'io.k8s.api.core.v1',
  description: 'A scope for names.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: { type: namespaceSpec, description: 'How the namespace behaves.', default: {} },
    status: {
      type: namespaceStatus,
      description: 'The state of the namespace. Set by the system.',
      default: {},
    },
  },
}
