import type { FieldType } from '../message.ts'
import { any, extensible, type Numbered, objectOf, written } from './openapi-types.ts'
import { jsonReference, schema } from './schema-messages.ts'

/** What parameters, headers and the items of either say of their values. */
const valueFields = (items: FieldType) =>
  ({
    type: 'string',
    format: 'string',
    items,
    collectionFormat: 'string',
    default: any,
    maximum: 'double',
    exclusiveMaximum: 'bool',
    minimum: 'double',
    exclusiveMinimum: 'bool',
    maxLength: 'int64',
    minLength: 'int64',
    pattern: 'string',
    maxItems: 'int64',
    minItems: 'int64',
    uniqueItems: 'bool',
    enum: { listOf: any },
    multipleOf: 'double',
  }) as const satisfies Numbered

const primitivesItems: FieldType = extensible('PrimitivesItems', () => valueFields(primitivesItems))

const values = valueFields(primitivesItems)

export const header = extensible('Header', { ...values, description: 'string' })

const bodyParameter = extensible('BodyParameter', {
  description: 'string',
  name: 'string',
  in: 'string',
  required: 'bool',
  schema,
})

const place = { required: 'bool', in: 'string', description: 'string', name: 'string' } as const
const valueParameter = { ...place, ...values }
const optionalValueParameter = { ...place, allowEmptyValue: 'bool', ...values } as const

const nonBodyParameter = written(
  'NonBodyParameter',
  {
    header: extensible('HeaderParameterSubSchema', valueParameter),
    formData: extensible('FormDataParameterSubSchema', optionalValueParameter),
    query: extensible('QueryParameterSubSchema', optionalValueParameter),
    path: extensible('PathParameterSubSchema', valueParameter),
  },
  (value) => ({ [String(objectOf(value).in)]: value }),
)

export const parameter = written('Parameter', { bodyParameter, nonBodyParameter }, (value) =>
  objectOf(value).in === 'body' ? { bodyParameter: value } : { nonBodyParameter: value },
)

export const parametersItem = written('ParametersItem', { parameter, jsonReference }, (value) =>
  '$ref' in objectOf(value) ? { jsonReference: value } : { parameter: value },
)
