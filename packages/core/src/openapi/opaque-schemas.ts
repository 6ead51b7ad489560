import type { GoScalar } from '../schema/go-type.ts'
import type { OpenAPISchema } from './openapi-schema.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const dateTime = { type: 'string', format: 'date-time' }

/** Types with a JSON form of their own, which have definitions by themselves. */
export const opaqueSchemas: {
  readonly [scalar in GoScalar]?: { readonly name: string; readonly schema: OpenAPISchema }
} = {
  time: { name: `${meta}.Time`, schema: { description: 'A time of RFC 3339.', ...dateTime } },
  microTime: {
    name: `${meta}.MicroTime`,
    schema: { description: 'A time of RFC 3339 with microseconds.', ...dateTime },
  },
  quantity: {
    name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    schema: {
      description: 'A number with a suffix, such as 500m, 1.5Gi or 12e6.',
      oneOf: [{ type: 'string' }, { type: 'number' }],
    },
  },
  fieldsV1: {
    name: `${meta}.FieldsV1`,
    schema: {
      description:
        'A set of fields, as a tree: f:<name> is a field, k:<keys> and v:<value> are items of lists, and . is the parent itself.',
      type: 'object',
    },
  },
  json: {
    name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON',
    schema: { description: 'Any JSON value.' },
  },
}

/** The body of a patch request, whatever its type. */
export const patchSchema = {
  name: `${meta}.Patch`,
  schema: { description: 'A patch, in the format of its content type.', type: 'object' },
} as const
