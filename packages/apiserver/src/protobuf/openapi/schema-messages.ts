import { isJsonObject } from '@k1s/apimachinery'
import type { ConvertedMessage } from '../message.ts'
import { any, extensible, mapOf, type Numbered, plain, written } from './openapi-types.ts'

const texts = { listOf: 'string' } as const
const anything = { listOf: any } as const

export const externalDocs = extensible('ExternalDocs', { description: 'string', url: 'string' })

const xml = extensible('Xml', {
  name: 'string',
  namespace: 'string',
  prefix: 'string',
  attribute: 'bool',
  wrapped: 'bool',
})

export const schema: ConvertedMessage = extensible('Schema', () => schemaFields)

const schemaOrBool: ConvertedMessage = {
  message: {
    name: 'AdditionalPropertiesItem',
    fields: { schema: [1, schema, 'pointer'], boolean: [2, 'bool', 'pointer'] },
  },
  toJson: (item) => item,
  fromJson: (value) => (isJsonObject(value) ? { schema: value } : { boolean: value }),
}

const schemaFields: Numbered = {
  $ref: 'string',
  format: 'string',
  title: 'string',
  description: 'string',
  default: any,
  multipleOf: 'double',
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
  maxProperties: 'int64',
  minProperties: 'int64',
  required: texts,
  enum: anything,
  additionalProperties: schemaOrBool,
  type: written('TypeItem', { value: texts }, (value) => ({ value: Array.isArray(value) ? value : [value] })),
  items: written('ItemsItem', { schema: { listOf: schema } }, (value) => ({ schema: [value] })),
  allOf: { listOf: schema },
  properties: mapOf('Properties', schema),
  discriminator: 'string',
  readOnly: 'bool',
  xml,
  externalDocs,
  example: any,
}

const fileSchema = extensible('FileSchema', {
  format: 'string',
  title: 'string',
  description: 'string',
  default: any,
  required: texts,
  type: 'string',
  readOnly: 'bool',
  externalDocs,
  example: any,
})

/** What a response holds: an object, or a file. */
export const schemaItem = written('SchemaItem', { schema, fileSchema }, (value) =>
  isJsonObject(value) && value.type === 'file' ? { fileSchema: value } : { schema: value },
)

export const jsonReference = plain('JsonReference', { $ref: 'string', description: 'string' })
