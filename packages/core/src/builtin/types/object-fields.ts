import type { GoField } from '../../schema/go-type.ts'
import { listMeta } from './list-meta.ts'
import { objectMeta } from './object-meta.ts'

/** `metav1.TypeMeta`, which every object begins with. */
export const typeMeta = {
  apiVersion: {
    type: 'string',
    description: 'The API group and version that the object is written in, such as "apps/v1".',
  },
  kind: { type: 'string', description: 'The kind of the object, in CamelCase. It cannot be changed.' },
} as const satisfies { readonly [name: string]: GoField }

export const objectMetadata: GoField = {
  type: objectMeta,
  description: 'Names, labels, owners and what else every object has.',
  default: {},
}

export const listMetadata: GoField = {
  type: listMeta,
  description: 'What every list has beside its items.',
  default: {},
}
