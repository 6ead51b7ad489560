import type { JsonObject } from '@k1s/apimachinery'
import { isJsonObject } from '@k1s/apimachinery'
import type { ConvertedMessage, FieldType, Message } from '../message.ts'
import { json } from './well-known.ts'

export const externalDocumentation: Message = {
  name: 'ExternalDocumentation',
  fields: {
    description: [1, 'string'],
    url: [2, 'string'],
  },
}

export const validationRule: Message = {
  name: 'ValidationRule',
  fields: {
    rule: [1, 'string', 'always'],
    message: [2, 'string'],
    messageExpression: [3, 'string'],
    reason: [4, 'string', 'pointer'],
    fieldPath: [5, 'string'],
    optionalOldSelf: [6, 'bool', 'pointer'],
  },
}

export const jsonSchemaProps: Message = {
  name: 'JSONSchemaProps',
  // Recursive: the fields are defined below.
  get fields() {
    return schemaFields
  },
}

const schemaOrBool: ConvertedMessage = {
  message: {
    name: 'JSONSchemaPropsOrBool',
    fields: { allows: [1, 'bool', 'always'], schema: [2, jsonSchemaProps, 'pointer'] },
  },
  toJson: ({ allows, schema }) => schema ?? allows,
  fromJson: (value) => (isJsonObject(value) ? { allows: true, schema: value } : { allows: value === true }),
}

const schemaOrArray = schemaOrList('JSONSchemaPropsOrArray', jsonSchemaProps)
const schemaOrStringArray = schemaOrList('JSONSchemaPropsOrStringArray', 'string')

function schemaOrList(name: string, item: FieldType): ConvertedMessage {
  return {
    message: { name, fields: { schema: [1, jsonSchemaProps, 'pointer'], list: [2, { listOf: item }] } },
    toJson: ({ schema, list }) => list ?? schema ?? null,
    fromJson: (value): JsonObject => {
      if (Array.isArray(value)) return { list: value }
      return isJsonObject(value) ? { schema: value } : {}
    },
  }
}

const schemaFields: Message['fields'] = {
  id: [1, 'string'],
  $schema: [2, 'string'],
  $ref: [3, 'string', 'pointer'],
  description: [4, 'string'],
  type: [5, 'string'],
  format: [6, 'string'],
  title: [7, 'string'],
  default: [8, json, 'pointer'],
  maximum: [9, 'double', 'pointer'],
  exclusiveMaximum: [10, 'bool'],
  minimum: [11, 'double', 'pointer'],
  exclusiveMinimum: [12, 'bool'],
  maxLength: [13, 'int64', 'pointer'],
  minLength: [14, 'int64', 'pointer'],
  pattern: [15, 'string'],
  maxItems: [16, 'int64', 'pointer'],
  minItems: [17, 'int64', 'pointer'],
  uniqueItems: [18, 'bool'],
  multipleOf: [19, 'double', 'pointer'],
  enum: [20, { listOf: json }],
  maxProperties: [21, 'int64', 'pointer'],
  minProperties: [22, 'int64', 'pointer'],
  required: [23, { listOf: 'string' }],
  items: [24, schemaOrArray, 'pointer'],
  allOf: [25, { listOf: jsonSchemaProps }],
  oneOf: [26, { listOf: jsonSchemaProps }],
  anyOf: [27, { listOf: jsonSchemaProps }],
  not: [28, jsonSchemaProps, 'pointer'],
  properties: [29, { mapOf: jsonSchemaProps }],
  additionalProperties: [30, schemaOrBool, 'pointer'],
  patternProperties: [31, { mapOf: jsonSchemaProps }],
  dependencies: [32, { mapOf: schemaOrStringArray }],
  additionalItems: [33, schemaOrBool, 'pointer'],
  definitions: [34, { mapOf: jsonSchemaProps }],
  externalDocs: [35, externalDocumentation, 'pointer'],
  example: [36, json, 'pointer'],
  nullable: [37, 'bool'],
  'x-kubernetes-preserve-unknown-fields': [38, 'bool', 'pointer'],
  'x-kubernetes-embedded-resource': [39, 'bool'],
  'x-kubernetes-int-or-string': [40, 'bool'],
  'x-kubernetes-list-map-keys': [41, { listOf: 'string' }],
  'x-kubernetes-list-type': [42, 'string', 'pointer'],
  'x-kubernetes-map-type': [43, 'string', 'pointer'],
  'x-kubernetes-validations': [44, { listOf: validationRule }],
}
