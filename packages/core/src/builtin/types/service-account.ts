import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'
import { localObjectReference, objectReference } from './object-reference.ts'

export const serviceAccount: GoStruct = {
  name: 'ServiceAccount',
  package: 'io.k8s.api.core.v1',
  description: 'An identity for processes, with the secrets that they may use.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    automountServiceAccountToken: {
      type: 'bool',
      description: 'Whether pods of this account get its token mounted, unless they say otherwise.',
    },
    imagePullSecrets: {
      type: { listOf: localObjectReference },
      description: 'Secrets in the same namespace that images are pulled with.',
      listType: 'atomic',
    },
    secrets: {
      type: { listOf: objectReference },
      description: 'Secrets in the same namespace that pods of this account may use.',
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: ['merge'],
      patchMergeKey: 'name',
    },
  },
}
