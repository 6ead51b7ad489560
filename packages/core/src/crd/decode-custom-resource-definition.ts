import type { Unstructured } from '@k1s/apimachinery'
import { decodeError, dropUnknownFields, type GoStruct } from '../schema/go-type.ts'
import { objectMeta } from '../schema/object-meta.ts'
import type { CustomResourceDefinition } from './custom-resource-definition.ts'

/** What became of an object that should be a definition; `error` says which value has a wrong type. */
export type DecodedDefinition =
  | { readonly crd: CustomResourceDefinition; readonly unknown: readonly string[] }
  | { readonly error: string }

/**
 * Reads an object as a CustomResourceDefinition. Removes unknown fields, in place; `unknown` has their paths (for
 * `unknown field "spec.foo"`). An error is in the words of Go's JSON decoder; Kubernetes answers it with 400 Bad
 * Request.
 */
export function decodeCustomResourceDefinition(object: Unstructured): DecodedDefinition {
  const error = decodeError(object, customResourceDefinition)
  if (error !== undefined) return { error }
  const unknown = dropUnknownFields(object, customResourceDefinition, '')
  return { crd: object as unknown as CustomResourceDefinition, unknown }
}

/** What a schema is decoded into. */
export const jsonSchemaProps: GoStruct = {
  name: 'JSONSchemaProps',
  // Recursive: the fields are defined below.
  get fields() {
    return schemaFields
  },
}

const schemaFields: GoStruct['fields'] = {
  id: 'string',
  $schema: 'string',
  $ref: 'string',
  description: 'string',
  type: 'string',
  format: 'string',
  title: 'string',
  default: 'json',
  example: 'json',
  maximum: 'float64',
  exclusiveMaximum: 'bool',
  minimum: 'float64',
  exclusiveMinimum: 'bool',
  maxLength: 'int64',
  minLength: 'int64',
  pattern: 'string',
  maxItems: 'int64',
  minItems: 'int64',
  uniqueItems: 'bool',
  multipleOf: 'float64',
  enum: { listOf: 'json' },
  maxProperties: 'int64',
  minProperties: 'int64',
  required: { listOf: 'string' },
  items: { either: [jsonSchemaProps, { listOf: jsonSchemaProps }] },
  allOf: { listOf: jsonSchemaProps },
  oneOf: { listOf: jsonSchemaProps },
  anyOf: { listOf: jsonSchemaProps },
  not: jsonSchemaProps,
  properties: { mapOf: jsonSchemaProps },
  additionalProperties: { either: [jsonSchemaProps, 'bool'] },
  patternProperties: { mapOf: jsonSchemaProps },
  dependencies: { mapOf: 'json' },
  additionalItems: { either: [jsonSchemaProps, 'bool'] },
  definitions: { mapOf: jsonSchemaProps },
  externalDocs: { name: 'ExternalDocumentation', fields: { description: 'string', url: 'string' } },
  nullable: 'bool',
  'x-kubernetes-preserve-unknown-fields': 'bool',
  'x-kubernetes-embedded-resource': 'bool',
  'x-kubernetes-int-or-string': 'bool',
  'x-kubernetes-list-map-keys': { listOf: 'string' },
  'x-kubernetes-list-type': 'string',
  'x-kubernetes-map-type': 'string',
  'x-kubernetes-validations': {
    listOf: {
      name: 'ValidationRule',
      fields: {
        rule: 'string',
        message: 'string',
        messageExpression: 'string',
        reason: 'string',
        fieldPath: 'string',
        optionalOldSelf: 'bool',
      },
    },
  },
}

const names: GoStruct = {
  name: 'CustomResourceDefinitionNames',
  fields: {
    plural: 'string',
    singular: 'string',
    shortNames: { listOf: 'string' },
    kind: 'string',
    listKind: 'string',
    categories: { listOf: 'string' },
  },
}

const version: GoStruct = {
  name: 'CustomResourceDefinitionVersion',
  fields: {
    name: 'string',
    served: 'bool',
    storage: 'bool',
    deprecated: 'bool',
    deprecationWarning: 'string',
    schema: { name: 'CustomResourceValidation', fields: { openAPIV3Schema: jsonSchemaProps } },
    subresources: {
      name: 'CustomResourceSubresources',
      fields: {
        status: { name: 'CustomResourceSubresourceStatus', fields: {} },
        scale: {
          name: 'CustomResourceSubresourceScale',
          fields: { specReplicasPath: 'string', statusReplicasPath: 'string', labelSelectorPath: 'string' },
        },
      },
    },
    additionalPrinterColumns: {
      listOf: {
        name: 'CustomResourceColumnDefinition',
        fields: {
          name: 'string',
          type: 'string',
          format: 'string',
          description: 'string',
          priority: 'int64',
          jsonPath: 'string',
        },
      },
    },
    selectableFields: { listOf: { name: 'SelectableField', fields: { jsonPath: 'string' } } },
  },
}

const webhookConversion: GoStruct = {
  name: 'WebhookConversion',
  fields: {
    conversionReviewVersions: { listOf: 'string' },
    clientConfig: {
      name: 'WebhookClientConfig',
      fields: {
        url: 'string',
        caBundle: 'string',
        service: {
          name: 'ServiceReference',
          fields: { namespace: 'string', name: 'string', path: 'string', port: 'int64' },
        },
      },
    },
  },
}

const condition: GoStruct = {
  name: 'CustomResourceDefinitionCondition',
  fields: {
    type: 'string',
    status: 'string',
    lastTransitionTime: 'time',
    reason: 'string',
    message: 'string',
    observedGeneration: 'int64',
  },
}

const customResourceDefinition: GoStruct = {
  name: 'CustomResourceDefinition',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    metadata: objectMeta,
    spec: {
      name: 'CustomResourceDefinitionSpec',
      fields: {
        group: 'string',
        names,
        scope: 'string',
        versions: { listOf: version },
        conversion: {
          name: 'CustomResourceConversion',
          fields: { strategy: 'string', webhook: webhookConversion },
        },
        preserveUnknownFields: 'bool',
      },
    },
    status: {
      name: 'CustomResourceDefinitionStatus',
      fields: {
        conditions: { listOf: condition },
        acceptedNames: names,
        storedVersions: { listOf: 'string' },
        observedGeneration: 'int64',
      },
    },
  },
}
