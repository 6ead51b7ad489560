import { append, type FieldError, fieldError, indexPath, keyPath } from '@k1s/apimachinery'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { findFieldPath } from './field-path.ts'

/** What the place of a schema forbids in it. */
interface Place {
  readonly isRoot: boolean
  readonly isInsideMeta: boolean
  /** Why defaults are forbidden, if they are. */
  readonly forbidsDefaults: string | undefined
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'] as const
const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])
const ruleReasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

/**
 * Violations of what CustomResourceDefinitions forbid in OpenAPI v3 schemas and require of the extensions. CEL
 * rules are checked for their form, not compiled.
 *
 * Follows `ValidateCustomResourceDefinitionOpenAPISchema` of
 * `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.
 */
export function validateOpenAPISchema(schema: JSONSchemaProps, path: string): FieldError[] {
  return validate(schema, path, { isRoot: true, isInsideMeta: false, forbidsDefaults: undefined })
}

function validate(schema: JSONSchemaProps, path: string, place: Place): FieldError[] {
  const inner: Place = { ...place, isRoot: false }
  const errors = constructErrors(schema, path, place)
  if (schema.uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    errors.push(fieldError.forbidden(`${path}.uniqueItems`, detail))
  }
  append(errors, additionalPropertiesErrors(schema, path, inner))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(
      ...validate(property, keyPath(`${path}.properties`, name), propertyPlace(schema, name, place)),
    )
  }
  if (schema.not !== undefined) append(errors, validate(schema.not, `${path}.not`, inner))
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) {
    schema[junctor]?.forEach((alternative, index) => {
      append(errors, validate(alternative, indexPath(`${path}.${junctor}`, index), inner))
    })
  }
  const { items } = schema
  if (Array.isArray(items)) {
    items.forEach((item, index) => {
      append(errors, validate(item, indexPath(`${path}.items`, index), inner))
    })
  } else if (items !== undefined) {
    append(errors, validate(items as JSONSchemaProps, `${path}.items`, inner))
  }
  append(errors, mapTypeErrors(schema, path))
  append(errors, listTypeErrors(schema, path))
  append(errors, listMapErrors(schema, path))
  append(errors, listItemErrors(schema, path))
  append(errors, ruleErrors(schema, path))
  return errors
}

function propertyPlace(schema: JSONSchemaProps, name: string, place: Place): Place {
  const isMeta = (place.isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(name)
  return {
    isRoot: false,
    isInsideMeta: place.isInsideMeta || isMeta,
    forbidsDefaults: isMeta && place.isRoot ? `in top-level ${name}` : place.forbidsDefaults,
  }
}

function constructErrors(schema: JSONSchemaProps, path: string, place: Place): FieldError[] {
  const errors: FieldError[] = []
  const { type } = schema
  if (type && !types.some((known) => known === type))
    errors.push(fieldError.notSupported(`${path}.type`, type, types))
  if (schema.default !== undefined && schema.default !== null && place.forbidsDefaults !== undefined) {
    errors.push(fieldError.forbidden(`${path}.default`, `must not be set ${place.forbidsDefaults}`))
  }
  for (const name of [
    'id',
    'additionalItems',
    'patternProperties',
    'definitions',
    'dependencies',
    '$ref',
  ] as const) {
    const value = schema[name]
    const isEmpty =
      value === '' ||
      (name !== 'dependencies' && typeof value === 'object' && Object.keys(value).length === 0)
    if (value !== undefined && !(isEmpty && name !== 'additionalItems' && name !== '$ref')) {
      errors.push(fieldError.forbidden(`${path}.${name}`, `${name} is not supported`))
    }
  }
  if (type === 'null') {
    const detail = 'type cannot be set to null, use nullable as an alternative'
    errors.push(fieldError.forbidden(`${path}.type`, detail))
  }
  if (Array.isArray(schema.items) && schema.items.length > 0) {
    errors.push(fieldError.forbidden(`${path}.items`, 'items must be a schema object and not an array'))
  }
  if (place.isInsideMeta && schema['x-kubernetes-embedded-resource'] === true) {
    const detail = 'must not be used inside of resource meta'
    errors.push(fieldError.forbidden(`${path}.x-kubernetes-embedded-resource`, detail))
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const detail = 'must be true or undefined'
    errors.push(fieldError.invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, detail))
  }
  return errors
}

function additionalPropertiesErrors(schema: JSONSchemaProps, path: string, inner: Place): FieldError[] {
  const { additionalProperties, properties } = schema
  if (additionalProperties === undefined) return []
  const errors: FieldError[] = []
  const additionalPath = `${path}.additionalProperties`
  if (Object.keys(properties ?? {}).length > 0 && additionalProperties !== true) {
    const detail = 'additionalProperties and properties are mutual exclusive'
    errors.push(fieldError.forbidden(additionalPath, detail))
  }
  if (typeof additionalProperties !== 'object') return errors
  const forbidsDefaults = inner.isInsideMeta
    ? 'inside additionalProperties applying to object metadata'
    : inner.forbidsDefaults
  return [...errors, ...validate(additionalProperties, additionalPath, { ...inner, forbidsDefaults })]
}

function mapTypeErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const mapType = schema['x-kubernetes-map-type']
  if (mapType === undefined) return []
  const errors = typeErrors(schema, path, 'object', 'x-kubernetes-map-type')
  if (mapType !== 'atomic' && mapType !== 'granular') {
    errors.push(fieldError.notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']))
  }
  return errors
}

function typeErrors(schema: JSONSchemaProps, path: string, type: string, extension: string): FieldError[] {
  const actual = schema.type ?? ''
  if (actual === type) return []
  const detail = `must be ${type} if ${extension} is specified`
  if (actual === '') return [fieldError.required(`${path}.type`, detail)]
  return [fieldError.invalid(`${path}.type`, actual, detail)]
}

function singleItems(schema: JSONSchemaProps): JSONSchemaProps | undefined {
  return Array.isArray(schema.items) ? undefined : (schema.items as JSONSchemaProps | undefined)
}

function listTypeErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  if (listType === undefined) return []
  const errors = typeErrors(schema, path, 'array', 'x-kubernetes-list-type')
  const items = singleItems(schema)
  if (errors.length === 0 && listType === 'set' && items !== undefined) {
    const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
    const itemListType = items['x-kubernetes-list-type']
    if (items.type === 'array' && itemListType !== undefined && itemListType !== 'atomic') {
      errors.push(fieldError.invalid(`${path}.items.x-kubernetes-list-type`, itemListType, detail))
    }
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      // Kubernetes shows the list type of the items here, which objects do not have.
      errors.push(fieldError.invalid(`${path}.items.x-kubernetes-map-type`, itemListType ?? null, detail))
    }
  }
  if (!['atomic', 'set', 'map'].includes(listType)) {
    errors.push(fieldError.notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']))
  }
  return errors
}

function listMapErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = []
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const listTypePath = `${path}.x-kubernetes-list-type`
  const keysPath = `${path}.x-kubernetes-list-map-keys`
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
    const isMissing = listType === undefined
    errors.push(
      isMissing
        ? fieldError.required(listTypePath, detail)
        : fieldError.invalid(listTypePath, listType, detail),
    )
  }
  if (listType !== 'map') return errors
  if (keys.length === 0) {
    errors.push(fieldError.required(keysPath, 'must not be empty if x-kubernetes-list-type is map'))
  }
  const items = singleItems(schema)
  if (schema.items === undefined) {
    const detail = 'must have a schema if x-kubernetes-list-type is map'
    errors.push(fieldError.required(`${path}.items`, detail))
  } else if (items === undefined) {
    const detail = 'must only have a single schema if x-kubernetes-list-type is map'
    errors.push(fieldError.invalid(`${path}.items`, schema.items, detail))
  } else if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    errors.push(fieldError.invalid(`${path}.items.type`, items.type ?? '', detail))
  } else {
    append(errors, listMapKeyErrors(keys, items, path, keysPath))
  }
  return errors
}

function listMapKeyErrors(
  keys: readonly string[],
  items: JSONSchemaProps,
  path: string,
  keysPath: string,
): FieldError[] {
  const errors: FieldError[] = []
  keys.forEach((key, index) => {
    const property = Object.hasOwn(items.properties ?? {}, key) ? items.properties![key] : undefined
    if (property === undefined) {
      errors.push(fieldError.invalid(keysPath, keys, 'entries must all be names of item properties'))
    } else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      const typePath = `${keyPath(`${path}.items.properties`, key)}.type`
      // Kubernetes shows the type of the item here, not that of the key.
      errors.push(fieldError.invalid(typePath, items.type, detail))
    }
    if (keys.indexOf(key) < index) {
      errors.push(fieldError.invalid(keysPath, keys, 'must not contain duplicate entries'))
    }
  })
  return errors
}

/** Items of sets and maps are never null, and neither are keys, which are always there. */
function listItemErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const items = singleItems(schema)
  const listType = schema['x-kubernetes-list-type']
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return []
  const errors: FieldError[] = []
  if (items.nullable === true) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`
    errors.push(fieldError.forbidden(`${path}.items.nullable`, detail))
  }
  if (listType === 'set') return errors
  for (const key of schema['x-kubernetes-list-map-keys'] ?? []) {
    const property = Object.hasOwn(items.properties ?? {}, key) ? items.properties![key]! : undefined
    if (property === undefined) continue
    const propertyPath = keyPath(`${path}.items.properties`, key)
    const hasDefault = property.default !== undefined && property.default !== null
    if (!hasDefault && !items.required?.includes(key)) {
      const detail =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
      errors.push(fieldError.required(`${propertyPath}.default`, detail))
    }
    if (property.nullable === true) {
      const detail = 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'
      errors.push(fieldError.forbidden(`${propertyPath}.nullable`, detail))
    }
  }
  return errors
}

function ruleErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = []
  schema['x-kubernetes-validations']?.forEach((validation, index) => {
    const { rule = '', message = '', messageExpression = '', reason, fieldPath = '' } = validation
    const rulePath = indexPath(`${path}.x-kubernetes-validations`, index)
    if (rule.trim() === '') {
      errors.push(fieldError.required(`${rulePath}.rule`, 'rule is not specified'))
    } else if (message !== '' && message.trim() === '') {
      errors.push(fieldError.invalid(`${rulePath}.message`, message, 'must be non-empty if specified'))
    } else if (hasLineBreaks(message.trim())) {
      errors.push(fieldError.invalid(`${rulePath}.message`, message, 'must not contain line breaks'))
    } else if (hasLineBreaks(rule.trim()) && message.trim() === '') {
      const detail = 'message must be specified if rule contains line breaks'
      errors.push(fieldError.required(`${rulePath}.message`, detail))
    }
    if (messageExpression !== '' && messageExpression.trim() === '') {
      const detail = 'messageExpression must be non-empty if specified'
      errors.push(fieldError.required(`${rulePath}.messageExpression`, detail))
    }
    if (reason !== undefined && !ruleReasons.includes(reason)) {
      errors.push(fieldError.notSupported(`${rulePath}.reason`, reason, ruleReasons))
    }
    if (fieldPath === '') return
    const invalidPath = (detail: string) => fieldError.invalid(`${rulePath}.fieldPath`, fieldPath, detail)
    if (fieldPath.trim() === '') errors.push(invalidPath('must be non-empty if specified'))
    if (hasLineBreaks(fieldPath)) errors.push(invalidPath('must not contain line breaks'))
    if ('error' in findFieldPath(fieldPath, schema)) errors.push(invalidPath('must be a valid path'))
  })
  return errors
}

function hasLineBreaks(text: string): boolean {
  return /[\n\r]/.test(text)
}
