import {
  any,
  extensible,
  extensions,
  mapOf,
  named,
  namedAny,
  objectOf,
  withExtensions,
  written,
} from './openapi-types.ts'
import { header, parameter, parametersItem } from './parameter-messages.ts'
import { externalDocs, jsonReference, schema, schemaItem } from './schema-messages.ts'
import { securityDefinitions, securityRequirement } from './security-messages.ts'

const texts = { listOf: 'string' } as const

const contact = extensible('Contact', { name: 'string', url: 'string', email: 'string' })
const license = extensible('License', { name: 'string', url: 'string' })

const info = extensible('Info', {
  title: 'string',
  version: 'string',
  description: 'string',
  termsOfService: 'string',
  contact,
  license,
})

const response = extensible('Response', {
  description: 'string',
  schema: schemaItem,
  headers: mapOf('Headers', header),
  examples: mapOf('Examples', any),
})

const responseValue = written('ResponseValue', { response, jsonReference }, (value) =>
  '$ref' in objectOf(value) ? { jsonReference: value } : { response: value },
)

const responses = written(
  'Responses',
  { codes: { listOf: named(responseValue) }, [extensions]: { listOf: namedAny } },
  (value) => ({ ...extensionsOf(value), codes: namesAndValues(value, /^(?:\d{3}|default)$/) }),
)

const operation = extensible('Operation', {
  tags: texts,
  summary: 'string',
  description: 'string',
  externalDocs,
  operationId: 'string',
  produces: texts,
  consumes: texts,
  parameters: { listOf: parametersItem },
  responses,
  schemes: texts,
  deprecated: 'bool',
  security: { listOf: securityRequirement },
})

const pathItem = extensible('PathItem', {
  $ref: 'string',
  get: operation,
  put: operation,
  post: operation,
  delete: operation,
  options: operation,
  head: operation,
  patch: operation,
  parameters: { listOf: parametersItem },
})

const paths = written(
  'Paths',
  { [extensions]: { listOf: namedAny }, path: { listOf: named(pathItem) } },
  (value) => ({ ...extensionsOf(value), path: namesAndValues(value, /^\//) }),
)

function extensionsOf(value: unknown) {
  const { [extensions]: found } = withExtensions(value)
  return { [extensions]: found }
}

function namesAndValues(value: unknown, name: RegExp) {
  return Object.entries(objectOf(value))
    .filter(([key]) => name.test(key))
    .map(([name, member]) => ({ name, value: member }))
}

const tag = extensible('Tag', { name: 'string', description: 'string', externalDocs })

/** `Document` of `google/gnostic-models/openapiv2/OpenAPIv2.proto`. */
export const document = extensible('Document', {
  swagger: 'string',
  info,
  host: 'string',
  basePath: 'string',
  schemes: texts,
  consumes: texts,
  produces: texts,
  paths,
  definitions: mapOf('Definitions', schema),
  parameters: mapOf('ParameterDefinitions', parameter),
  responses: mapOf('ResponseDefinitions', response),
  security: { listOf: securityRequirement },
  securityDefinitions,
  tags: { listOf: tag },
  externalDocs,
})
