import { append, type FieldError, fieldError, indexPath, omitValue, quote } from '@k1s/apimachinery'
import { compileRegularExpression } from '../regular-expression.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { SchemaNode } from '../schema/schema-node.ts'
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  SelectableField,
} from './custom-resource-definition.ts'
import { findFieldPath } from './field-path.ts'
import { isZero, unsupportedConstruct, validateStructural } from './structural-schema.ts'
import { validateDefaults } from './validate-defaults.ts'
import { validateOpenAPISchema } from './validate-openapi-schema.ts'

// The parts of a version, after `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']
const maxSelectableFields = 8

export function validateDeprecationWarning(
  version: CustomResourceDefinitionVersion,
  path: string,
): FieldError[] {
  const { deprecated = false, deprecationWarning: warning } = version
  const error = (detail: string) => fieldError.invalid(`${path}.deprecationWarning`, warning, detail)
  if (warning === undefined) return []
  if (!deprecated) return [error('can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (Buffer.byteLength(warning) > 256) errors.push(error('must be <= 256 characters long'))
  if (warning === '') errors.push(error('must not be an empty string'))
  let index = 0
  for (const character of warning) {
    // A character that has to be escaped is not printable.
    if (character !== '"' && character !== '\\' && quote(character) !== `"${character}"`) {
      const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${index}`
      errors.push(error(detail))
      break
    }
    index += Buffer.byteLength(character)
  }
  return errors
}

/** What a schema may have at its root when status is validated by `properties.status` alone, as Go names it. */
const allowedAtRoot =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations'

const allowedNames: ReadonlySet<string> = new Set([
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
  ...allowedAtRoot.split(' ').map((name) => name[0]!.toLowerCase() + name.slice(1)),
])

/** Violations in the rules of a structural schema, given those in its other parts. */
export type CheckRules = (
  schema: JSONSchemaProps,
  path: string,
  schemaErrors: readonly FieldError[],
) => FieldError[]

/** `checkRules` is left out for rules that are checked elsewhere, or were before. */
export function validateSchema(
  schema: JSONSchemaProps,
  hasStatus: boolean,
  schemaPath: string,
  checkRules?: CheckRules,
): FieldError[] {
  const errors: FieldError[] = []
  if (hasStatus) append(errors, rootErrors(schema, schemaPath))
  if (schema.nullable === true) {
    errors.push(fieldError.forbidden(`${schemaPath}.nullable`, 'nullable cannot be true at the root'))
  }
  const unsupported = unsupportedConstruct(schema)
  const structureErrors = unsupported === undefined ? validateStructure(schema, schemaPath) : []
  const schemaErrors = validateOpenAPISchema(schema, schemaPath)
  append(errors, structureErrors)
  append(errors, schemaErrors)
  if (checkRules !== undefined && unsupported === undefined && structureErrors.length === 0) {
    append(errors, checkRules(schema, schemaPath, schemaErrors))
  }
  if (errors.length === 0 && unsupported !== undefined) {
    errors.push(fieldError.invalid(schemaPath, '', unsupported))
  }
  return errors
}

function validateStructure(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors = validateStructural(schema, path)
  if (errors.length > 0) return errors
  return validateDefaults(new SchemaNode(schema, compileRegularExpression), path)
}

/** Unlike Kubernetes, the message does not repeat the whole schema. */
function rootErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.type && schema.type !== 'object') {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [fieldError.invalid(`${path}.type`, schema.type, detail)]
  }
  if (Object.entries(schema).some(([name, value]) => !isZero(value) && !allowedNames.has(name))) {
    const detail = `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`
    errors.push(fieldError.invalid(path, omitValue, detail))
  }
  return errors
}

export function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  path: string,
): FieldError[] {
  const scale = subresources?.scale
  if (scale === undefined) return []
  const { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath = '' } = scale
  const errors = [
    ...replicasPathErrors(specReplicasPath, `${path}.scale.specReplicasPath`, '.spec'),
    ...replicasPathErrors(statusReplicasPath, `${path}.scale.statusReplicasPath`, '.status'),
  ]
  if (labelSelectorPath === '') return errors
  const selectorPath = `${path}.scale.labelSelectorPath`
  if (!labelSelectorPath.startsWith('.')) {
    errors.push(
      fieldError.invalid(selectorPath, labelSelectorPath, 'must be a simple json path starting with .'),
    )
  } else if (!/^\.(?:spec|status)\./.test(labelSelectorPath)) {
    const detail = 'should be a json path under either .spec or .status'
    errors.push(fieldError.invalid(selectorPath, labelSelectorPath, detail))
  }
  return errors
}

function replicasPathErrors(jsonPath: string, path: string, parent: string): FieldError[] {
  if (jsonPath === '') return [fieldError.required(path)]
  if (!jsonPath.startsWith('.'))
    return [fieldError.invalid(path, jsonPath, 'must be a simple json path starting with .')]
  if (jsonPath.startsWith(`${parent}.`)) return []
  return [fieldError.invalid(path, jsonPath, `should be a json path under ${parent}`)]
}

export function validateColumn(column: CustomResourceColumnDefinition, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { name = '', type = '', format = '', jsonPath = '' } = column
  if (name === '') errors.push(fieldError.required(`${path}.name`))
  const typeDetail = `must be one of ${columnTypes.join(',')}`
  if (type === '') errors.push(fieldError.required(`${path}.type`, typeDetail))
  else if (!columnTypes.includes(type)) errors.push(fieldError.invalid(`${path}.type`, type, typeDetail))
  if (format !== '' && !columnFormats.includes(format)) {
    errors.push(fieldError.invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`))
  }
  // The messages of Kubernetes write JSONPath in capitals here, as the field's name in Go.
  if (jsonPath === '') errors.push(fieldError.required(`${path}.JSONPath`))
  else if (!jsonPath.startsWith('.')) {
    errors.push(
      fieldError.invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'),
    )
  }
  return errors
}

export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  fields.forEach(({ jsonPath = '' }, index) => {
    const fieldPath = `${indexPath(path, index)}.jsonPath`
    if (jsonPath === '') {
      errors.push(fieldError.required(fieldPath))
      return
    }
    const found = findFieldPath(jsonPath, schema, { allowArrayNotation: false })
    if ('error' in found) {
      errors.push(fieldError.invalid(fieldPath, jsonPath, `is an invalid path: ${found.error}`))
      return
    }
    if (found.names[0] === 'metadata') {
      errors.push(fieldError.invalid(fieldPath, jsonPath, 'must not point to fields in metadata'))
    }
    if (!['string', 'boolean', 'integer'].includes(found.schema.type ?? '')) {
      const detail =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(fieldError.invalid(fieldPath, jsonPath, detail))
    }
    const name = found.names.join('.')
    if (seen.has(name)) errors.push(fieldError.duplicate(fieldPath, jsonPath))
    seen.add(name)
  })
  if (seen.size > maxSelectableFields) errors.push(fieldError.tooMany(path, seen.size, maxSelectableFields))
  return errors
}
