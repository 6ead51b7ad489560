import { append, type FieldError, fieldError, indexPath, keyPath } from '@k1s/apimachinery'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'

/** Whether all that allOf and its siblings talk about is defined outside of them. */
export function junctorCompleteness(
  validation: JSONSchemaProps,
  structure: JSONSchemaProps,
  structurePath: string,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const nested = (inner: JSONSchemaProps, innerPath: string) => {
    append(errors, nestedCompleteness(inner, structure, structurePath, innerPath))
  }
  if (validation.not !== undefined) nested(validation.not, `${path}.not`)
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    validation[junctor]?.forEach((inner, index) => {
      nested(inner, indexPath(`${path}.${junctor}`, index))
    })
  }
  return errors
}

function nestedCompleteness(
  validation: JSONSchemaProps,
  structure: JSONSchemaProps | undefined,
  structurePath: string,
  path: string,
): FieldError[] {
  if (structure === undefined) return [fieldError.required(structurePath, `because it is defined in ${path}`)]
  const errors = junctorCompleteness(validation, structure, structurePath, path)
  const items = itemsOf(validation)
  if (items !== undefined) {
    append(errors, nestedCompleteness(items, itemsOf(structure), `${structurePath}.items`, `${path}.items`))
  }
  for (const [name, property] of Object.entries(validation.properties ?? {})) {
    const counterpart = Object.hasOwn(structure.properties ?? {}, name)
      ? structure.properties![name]
      : undefined
    const innerPath = propertyPath(path, name)
    append(errors, nestedCompleteness(property, counterpart, propertyPath(structurePath, name), innerPath))
  }
  return errors
}

function itemsOf(schema: JSONSchemaProps): JSONSchemaProps | undefined {
  return Array.isArray(schema.items) ? undefined : (schema.items as JSONSchemaProps | undefined)
}

function propertyPath(path: string, name: string): string {
  return keyPath(`${path}.properties`, name)
}
