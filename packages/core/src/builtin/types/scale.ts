import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const scaleSpec: GoStruct = {
  name: 'ScaleSpec',
  package: 'io.k8s.api.autoscaling.v1',
  description: 'How many replicas are wanted.',
  fields: {
    replicas: { type: 'int32', description: 'The wanted number of replicas.', default: 0 },
  },
}

export const scaleStatus: GoStruct = {
  name: 'ScaleStatus',
  package: 'io.k8s.api.autoscaling.v1',
  description: 'How many replicas there are.',
  fields: {
    replicas: { type: 'int32', description: 'The observed number of replicas.', required: true, default: 0 },
    selector: { type: 'string', description: 'Selects the replicas by their labels, as text.' },
  },
}

export const scale: GoStruct = {
  name: 'Scale',
  package: 'io.k8s.api.autoscaling.v1',
  description: 'How many replicas an object should have and has.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    spec: { type: scaleSpec, description: 'How many replicas are wanted.', default: {} },
    status: { type: scaleStatus, description: 'How many replicas there are.', default: {} },
  },
}
