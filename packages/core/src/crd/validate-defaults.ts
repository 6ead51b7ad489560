import {
  append,
  copyJson,
  equalJson,
  type FieldError,
  fieldError,
  formatFieldErrors,
  isJsonObject,
  type JsonObject,
} from '@k1s/apimachinery'
import { coerceEmbeddedMetadata, validateEmbeddedResources } from '../schema/embedded-resource.ts'
import { prune } from '../schema/prune.ts'
import type { SchemaNode } from '../schema/schema-node.ts'
import { validateValue } from '../schema/validate-value.ts'
import { ValidationResult } from '../schema/validation-result.ts'

/** Makes the object that has `value` at some place, for defaults that mean something only within a resource. */
type Surround = (value: unknown) => JsonObject

const asResource: Surround = (value) => ({
  apiVersion: 'validation/v1',
  kind: 'Validation',
  ...(isJsonObject(value) ? value : {}),
})

/**
 * Violations in the defaults of a structural schema: fields that the schema does not know, and values that it
 * would refuse. Defaults within additionalProperties are not looked at.
 *
 * Follows `ValidateDefaults` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting`; rules are looked at by
 * `checkDefaults`.
 */
export function validateDefaults(root: SchemaNode, path: string): FieldError[] {
  return validate(root, path, root, true, asResource, false)
}

function validate(
  node: SchemaNode,
  path: string,
  resource: SchemaNode,
  isResource: boolean,
  surround: Surround,
  isInsideMeta: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  if (node.hasDefault) {
    errors.push(
      ...(isInsideMeta ? metaDefaultErrors(node, path, resource, surround) : defaultErrors(node, path)),
    )
  }
  if (node.items !== undefined) {
    append(
      errors,
      descend(node.items, `${path}.items`, (value) => surround([value]), isInsideMeta),
    )
  }
  for (const name of node.propertyNames) {
    const isMeta = isInsideMeta || (isResource && ['apiVersion', 'kind', 'metadata'].includes(name))
    const within: Surround = (value) => surround({ [name]: value })
    append(errors, descend(node.property(name)!, `${path}.properties[${name}]`, within, isMeta))
  }
  return errors

  function descend(inner: SchemaNode, innerPath: string, within: Surround, isMeta: boolean): FieldError[] {
    if (inner.isEmbeddedResource) return validate(inner, innerPath, inner, true, asResource, false)
    return validate(inner, innerPath, resource, false, within, isMeta)
  }
}

function defaultErrors(node: SchemaNode, path: string): FieldError[] {
  const errors: FieldError[] = []
  const defaultPath = `${path}.default`
  const value = copyJson(node.schema.default)
  const pruned = copyJson(value)
  prune(pruned, node, node.isEmbeddedResource)
  if (!equalJson(pruned, value)) {
    errors.push(fieldError.invalid(defaultPath, value, 'must not have unknown fields'))
  }
  coerceEmbeddedMetadata(value, node, defaultPath)
  const metadataErrors = validateEmbeddedResources(value, node, defaultPath)
  return [...errors, ...(metadataErrors.length > 0 ? metadataErrors : valueErrors(value, node, defaultPath))]
}

function metaDefaultErrors(
  node: SchemaNode,
  path: string,
  resource: SchemaNode,
  surround: Surround,
): FieldError[] {
  const defaultPath = `${path}.default`
  const value = copyJson(node.schema.default)
  const object = surround(copyJson(value))
  coerceEmbeddedMetadata(object, resource, '')
  const errors = validateEmbeddedResources(object, resource)
  if (errors.length === 0) return valueErrors(value, node, defaultPath)
  return [
    fieldError.invalid(defaultPath, value, `must result in valid metadata: ${formatFieldErrors(errors)}`),
  ]
}

function valueErrors(value: unknown, node: SchemaNode, path: string): FieldError[] {
  const result = new ValidationResult()
  validateValue(value, node, '', undefined, result)
  return result.errors.map((error) => ({
    ...error,
    field: error.field === '<nil>' ? path : `${path}.${error.field}`,
  }))
}
