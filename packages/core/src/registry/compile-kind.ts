import {
  type FieldError,
  fieldError,
  formatFieldErrors,
  type KubernetesObject,
  newInternalError,
} from '@k1s/apimachinery'
import { jsonSchemaProps } from '../builtin/types/json-schema-props.ts'
import { cloneJson } from '../clone-json.ts'
import { validateSchema, validateSelectableFields, validateSubresources } from '../crd/validate-version.ts'
import type { KindDefinition, OpenAPIV3Schema } from '../kind.ts'
import { decodeError, dropUnknownFields } from '../schema/go-type.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { loadResourceSchema } from '../schema/load-resource-schema.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import { nameOf } from './validate-kind.ts'

/**
 * The schema of a registered kind, once it has passed what a CustomResourceDefinition's has to. InternalError with
 * the name of the kind and the paths if not: the program is wrong, and no object.
 */
export async function compileKind(
  kind: KindDefinition<KubernetesObject>,
  schema: OpenAPIV3Schema,
): Promise<ResourceSchema> {
  const decoded: JSONSchemaProps = cloneJson(schema)
  const wrongType = decodeError(decoded, jsonSchemaProps)
  if (wrongType !== undefined) throw invalidSchema(kind, `schema: ${wrongType}`)
  const unknown = dropUnknownFields(decoded, jsonSchemaProps, 'schema')
  const errors = [
    ...unknown.map((path) => fieldError.forbidden(path, 'is no keyword of a schema')),
    ...schemaErrors(kind, decoded),
  ]
  if (errors.length > 0) throw invalidSchema(kind, formatFieldErrors(errors))
  return loadResourceSchema(decoded, {
    invalidRules: (wrong) => invalidSchema(kind, formatFieldErrors(wrong)),
  })
}

function schemaErrors(kind: KindDefinition<KubernetesObject>, schema: JSONSchemaProps): FieldError[] {
  const { subresources, selectableFields = [] } = kind
  return [
    ...validateSchema(schema, subresources?.status === true, 'schema'),
    ...validateSubresources(subresources?.scale && { scale: subresources.scale }, 'subresources'),
    ...validateSelectableFields(
      selectableFields.map((jsonPath) => ({ jsonPath })),
      schema,
      'selectableFields',
    ),
  ]
}

function invalidSchema(kind: KindDefinition<KubernetesObject>, problem: string) {
  return newInternalError(new Error(`the registered kind ${nameOf(kind)} is invalid: ${problem}`))
}
