import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const configMap: GoStruct = {
  name: 'ConfigMap',
  package: 'io.k8s.api.core.v1',
  description: 'Configuration data for programs to read.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    binaryData: {
      type: { mapOf: 'bytes' },
      description:
        "Data of any bytes, in base64. Keys consist of letters, digits, '-', '_' and '.', and may not be in data as well.",
    },
    data: {
      type: { mapOf: 'string' },
      description:
        "Data as text. Keys consist of letters, digits, '-', '_' and '.', and may not be in binaryData as well.",
    },
    immutable: {
      type: 'bool',
      description: 'If true, the data can no longer be changed, nor can this field.',
    },
  },
}
