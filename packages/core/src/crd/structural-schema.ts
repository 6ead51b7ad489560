import {
  append,
  equalJson,
  type FieldError,
  fieldError,
  formatFieldError,
  indexPath,
  keyPath,
} from '@k1s/apimachinery'
import { compileRegularExpression } from '../regular-expression.ts'
import { type JSONSchemaProps, subschemas } from '../schema/json-schema-props.ts'
import { junctorCompleteness } from './structural-completeness.ts'

/** Where a schema is: at the top, an item of an array, or a field of an object. */
type Level = 'root' | 'item' | 'field'

/**
 * Violations of what makes a schema structural: every value has a type outside of allOf, anyOf, oneOf and not, which
 * only validate; and the extensions fit together. Sorted by text.
 *
 * Follows `ValidateStructural` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema`.
 */
export function validateStructural(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors = [
    ...invariantErrors(schema, 'root', path),
    ...junctorCompleteness(schema, schema, path, path),
  ]
  return errors
    .map((error) => ({ error, text: formatFieldError(error) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error)
}

/** The first construct that structural schemas have no place for, as `NewStructural` reports it. */
export function unsupportedConstruct(schema: JSONSchemaProps): string | undefined {
  const unsupported = [
    'id',
    '$schema',
    '$ref',
    'patternProperties',
    'dependencies',
    'additionalItems',
    'definitions',
  ] as const
  const found = unsupported.find((name) => !isZero(schema[name]))
  if (found !== undefined)
    return `OpenAPIV3Schema '${found === '$schema' ? 'schema' : found}' is not supported`
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  }
  for (const inner of subschemas(schema)) {
    const construct = unsupportedConstruct(inner)
    if (construct !== undefined) return construct
  }
  return undefined
}

/** The zero value of a Go field; a number that is 0 is set, since numbers are pointers there. */
export function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function itemsOf(schema: JSONSchemaProps): JSONSchemaProps | undefined {
  return Array.isArray(schema.items) ? undefined : (schema.items as JSONSchemaProps | undefined)
}

function propertyPath(path: string, name: string): string {
  return keyPath(`${path}.properties`, name)
}

function invariantErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const items = itemsOf(schema)
  if (schema.type === 'array' && items === undefined) {
    errors.push(fieldError.required(`${path}.items`, 'must be specified'))
  }
  if (items !== undefined) append(errors, invariantErrors(items, 'item', `${path}.items`))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    append(errors, invariantErrors(property, 'field', propertyPath(path, name)))
  }
  if (schema.additionalProperties !== undefined) {
    const additionalPath = `${path}.additionalProperties`
    if (level === 'root') errors.push(fieldError.forbidden(additionalPath, 'must not be used at the root'))
    if (typeof schema.additionalProperties === 'object') {
      append(errors, invariantErrors(schema.additionalProperties, 'field', additionalPath))
    }
  }
  append(errors, intOrStringErrors(schema, path))
  errors.push(
    ...junctorErrors(
      schema,
      path,
      isIntOrStringPattern(schema.anyOf),
      isIntOrStringPattern(schema.allOf?.[0]?.anyOf),
    ),
  )
  append(errors, typeErrors(schema, level, path))
  append(errors, typeMetaErrors(schema, level, path))
  return errors
}

function isIntOrStringPattern(anyOf: readonly JSONSchemaProps[] | undefined): boolean {
  return equalJson(anyOf, [{ type: 'integer' }, { type: 'string' }])
}

function intOrStringErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) return []
  const excluded = ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const
  return excluded
    .filter((extension) => schema[extension] === true)
    .map((extension) =>
      fieldError.invalid(`${path}.${extension}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    )
}

function typeErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const type = schema.type ?? ''
  const typePath = `${path}.type`
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const mayLackType =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  if (isEmbedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(
      type === '' ? fieldError.required(typePath, detail) : fieldError.invalid(typePath, type, detail),
    )
  } else if (type === '' && !mayLackType) {
    const place = {
      root: 'at the root',
      item: 'for specified array items',
      field: 'for specified object fields',
    }
    errors.push(fieldError.required(typePath, `must not be empty ${place[level]}`))
  }
  if (isEmbedded && schema.additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    errors.push(fieldError.forbidden(`${path}.additionalProperties`, detail))
  }
  if (level === 'root' && type !== '' && type !== 'object') {
    errors.push(fieldError.invalid(typePath, type, 'must be object at the root'))
  }
  return errors
}

/** What the schema may say about apiVersion, kind and metadata, of which the API server knows all already. */
function typeMetaErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = []
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const isResource = level === 'root' || isEmbedded
  const { kind, apiVersion, metadata } = schema.properties ?? {}
  for (const [name, property] of Object.entries({ kind, apiVersion })) {
    if (!isResource || property === undefined || property.type === 'string') continue
    errors.push(fieldError.invalid(`${propertyPath(path, name)}.type`, property.type ?? '', 'must be string'))
  }
  if (metadata !== undefined) {
    const metadataPath = propertyPath(path, 'metadata')
    if (isResource && metadata.type !== 'object') {
      errors.push(fieldError.invalid(`${metadataPath}.type`, metadata.type ?? '', 'must be object'))
    }
    if (level === 'root' && !restrictsNamesOnly(metadata)) {
      const detail =
        'must not specify anything other than name and generateName, but metadata is implicitly specified'
      errors.push(fieldError.forbidden(metadataPath, detail))
    }
  }
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (isEmbedded && !preserves && isZero(schema.properties)) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(fieldError.required(`${path}.properties`, detail))
  }
  return errors
}

function restrictsNamesOnly(metadata: JSONSchemaProps): boolean {
  const { type: _type, default: _default, properties, ...rest } = metadata
  if (Object.keys(properties ?? {}).some((name) => name !== 'name' && name !== 'generateName')) return false
  return Object.values(rest).every(isZero)
}

/** Errors in allOf, anyOf, oneOf, not and pattern. The two ways to write int-or-string are exempt. */
function junctorErrors(
  schema: JSONSchemaProps,
  path: string,
  skipAnyOf: boolean,
  skipFirstAllOfAnyOf: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  const nested = (inner: JSONSchemaProps, innerPath: string, skip = false) => {
    append(errors, nestedErrors(inner, innerPath, skip))
  }
  if (!skipAnyOf)
    schema.anyOf?.forEach((inner, index) => {
      nested(inner, indexPath(`${path}.anyOf`, index))
    })
  schema.allOf?.forEach((inner, index) => {
    nested(inner, indexPath(`${path}.allOf`, index), skipFirstAllOfAnyOf && index === 0)
  })
  schema.oneOf?.forEach((inner, index) => {
    nested(inner, indexPath(`${path}.oneOf`, index))
  })
  if (schema.not !== undefined) nested(schema.not, `${path}.not`)
  if (schema.pattern !== undefined && schema.pattern !== '') {
    const pattern = compileRegularExpression(schema.pattern)
    if ('error' in pattern) {
      const detail = `must be a valid regular expression, but isn't: ${pattern.error}`
      errors.push(fieldError.invalid(`${path}.pattern`, schema.pattern, detail))
    }
  }
  return errors
}

/** What a schema that only validates must not have, with what a message says of it. */
const forbiddenWhenNested = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
] as const

function nestedErrors(schema: JSONSchemaProps, path: string, skipAnyOf: boolean): FieldError[] {
  const errors = junctorErrors(schema, path, skipAnyOf, false)
  const items = itemsOf(schema)
  if (items !== undefined) append(errors, nestedErrors(items, `${path}.items`, false))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    append(errors, nestedErrors(property, propertyPath(path, name), false))
  }
  for (const [name, detail] of forbiddenWhenNested) {
    const value = schema[name]
    const isUnset =
      name === 'additionalProperties' ? value === undefined || value === false : isUnsetScalar(value)
    if (!isUnset) errors.push(fieldError.forbidden(`${path}.${name}`, detail))
  }
  if (schema.properties?.metadata !== undefined) {
    const detail = 'must not be specified in a nested context'
    errors.push(fieldError.forbidden(propertyPath(path, 'metadata'), detail))
  }
  return errors
}

function isUnsetScalar(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : [undefined, null, '', false].includes(value as undefined)
}
