import type { GoStruct } from '../../schema/go-type.ts'
import { objectMetadata, typeMeta } from './object-fields.ts'

export const secret: GoStruct = {
  name: 'Secret',
  package: 'io.k8s.api.core.v1',
  description: 'Data that is not for everyone to read, of at most 1 MiB.',
  fields: {
    ...typeMeta,
    metadata: objectMetadata,
    data: {
      type: { mapOf: 'bytes' },
      description: "The data, in base64. Keys consist of letters, digits, '-', '_' and '.'.",
    },
    immutable: {
      type: 'bool',
      description: 'If true, the data can no longer be changed, nor can this field.',
    },
    stringData: {
      type: { mapOf: 'string' },
      description:
        'Data as text, for convenience when writing. It goes into data, over what is there, and is never read back.',
    },
    type: {
      type: 'string',
      description: 'What the secret is for. It decides which keys must be there and cannot be changed.',
    },
  },
}
