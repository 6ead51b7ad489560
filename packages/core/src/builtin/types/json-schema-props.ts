import type { GoEither, GoStruct, GoType } from '../../schema/go-type.ts'

export const externalDocumentation: GoStruct = {
  name: 'ExternalDocumentation',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'Where more can be read.',
  fields: {
    description: 'string',
    url: 'string',
  },
}

export const validationRule: GoStruct = {
  name: 'ValidationRule',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A CEL rule for a value.',
  fields: {
    fieldPath: {
      type: 'string',
      description: 'The field that a violation is reported at, as a JSON path relative to the value.',
    },
    message: {
      type: 'string',
      description: 'What to say if the rule is violated. Required if the rule has line breaks.',
    },
    messageExpression: {
      type: 'string',
      description:
        'A CEL expression that makes the message. It counts before message, which is used if it fails.',
    },
    optionalOldSelf: {
      type: 'bool',
      description:
        'If true, oldSelf is an optional, and a rule that uses it is evaluated for new values as well.',
    },
    reason: {
      type: 'string',
      description: 'The reason of a violation. Defaults to FieldValueInvalid.',
      enum: ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'],
    },
    rule: {
      type: 'string',
      description:
        'A CEL expression that must be true. self is the value and oldSelf, in an update, the one before.',
      required: true,
      default: '',
    },
  },
}

/** What a schema is decoded into. */
export const jsonSchemaProps: GoStruct = {
  name: 'JSONSchemaProps',
  package: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  description: 'A schema, as in JSON Schema and OpenAPI.',
  // Recursive: the fields are defined below.
  get fields() {
    return schemaFields
  },
}

function schemaOr(name: string, description: string, other: GoType): GoEither {
  return { name, package: jsonSchemaProps.package, description, either: [jsonSchemaProps, other] }
}

const schemaOrBool = schemaOr('JSONSchemaPropsOrBool', 'A schema, or whether there may be values.', 'bool')
const schemaOrArray = schemaOr('JSONSchemaPropsOrArray', 'A schema, or one for each item.', {
  listOf: jsonSchemaProps,
})
const schemaOrStringArray = schemaOr('JSONSchemaPropsOrStringArray', 'A schema, or names of fields.', {
  listOf: 'string',
})

const schemaFields: GoStruct['fields'] = {
  $ref: 'string',
  $schema: 'string',
  additionalItems: schemaOrBool,
  additionalProperties: schemaOrBool,
  allOf: { type: { listOf: jsonSchemaProps }, listType: 'atomic' },
  anyOf: { type: { listOf: jsonSchemaProps }, listType: 'atomic' },
  default: { type: 'json', description: 'The value of a field that is missing.' },
  definitions: { mapOf: jsonSchemaProps },
  dependencies: { mapOf: schemaOrStringArray },
  description: 'string',
  enum: { type: { listOf: 'json' }, listType: 'atomic' },
  example: 'json',
  exclusiveMaximum: 'bool',
  exclusiveMinimum: 'bool',
  externalDocs: externalDocumentation,
  format: { type: 'string', description: 'The format of a text or number. Unknown ones are ignored.' },
  id: 'string',
  items: schemaOrArray,
  maxItems: 'int64',
  maxLength: 'int64',
  maxProperties: 'int64',
  maximum: 'float64',
  minItems: 'int64',
  minLength: 'int64',
  minProperties: 'int64',
  minimum: 'float64',
  multipleOf: 'float64',
  not: jsonSchemaProps,
  nullable: { type: 'bool', description: 'Allows null.' },
  oneOf: { type: { listOf: jsonSchemaProps }, listType: 'atomic' },
  pattern: 'string',
  patternProperties: { mapOf: jsonSchemaProps },
  properties: { mapOf: jsonSchemaProps },
  required: { type: { listOf: 'string' }, listType: 'atomic' },
  title: 'string',
  type: 'string',
  uniqueItems: 'bool',
  'x-kubernetes-embedded-resource': {
    type: 'bool',
    description: 'Marks an object that is a whole resource with apiVersion, kind and metadata.',
  },
  'x-kubernetes-int-or-string': {
    type: 'bool',
    description: 'Marks a value that is a whole number or a text.',
  },
  'x-kubernetes-list-map-keys': {
    type: { listOf: 'string' },
    description: 'The fields by which the items of a list of type map are told apart.',
    listType: 'atomic',
  },
  'x-kubernetes-list-type': {
    type: 'string',
    description: 'How a list is merged: atomic, as a whole; set, by its values; map, by keys of its items.',
  },
  'x-kubernetes-map-type': {
    type: 'string',
    description: 'How an object is merged: granular, field by field, or atomic, as a whole.',
  },
  'x-kubernetes-preserve-unknown-fields': {
    type: 'bool',
    description: 'Keeps fields that the schema does not know.',
  },
  'x-kubernetes-validations': {
    type: { listOf: validationRule },
    description: 'CEL rules for the value.',
    listType: 'map',
    listMapKeys: ['rule'],
    patchStrategy: ['merge'],
    patchMergeKey: 'rule',
  },
}
