import { childPath, keyPath } from '@k1s/apimachinery'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'

/** The schema that a path leads to, with the names on the way and as a field path; or why there is none. */
export type FoundField =
  | { readonly names: readonly string[]; readonly schema: JSONSchemaProps; readonly path: string }
  | { readonly error: string }

/**
 * Follows a JSON path of fields, `.spec.color` or `.metadata['name']`, down a schema.
 *
 * Follows `ValidFieldPath` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`.
 */
export function findFieldPath(
  path: string,
  root: JSONSchemaProps,
  options: { allowArrayNotation?: boolean } = {},
): FoundField {
  const tokens = path.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]']+/g) ?? []
  const names: string[] = []
  let fieldPath = ''
  let schema = root
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    let name: string
    if (token === '.') {
      at++
      if (at >= tokens.length) return { error: 'unexpected end of JSON path' }
      name = tokens[at]!
    } else if (token === '[') {
      if (options.allowArrayNotation === false) return { error: 'array notation is not allowed' }
      const quoted = tokens[at + 1]
      if (quoted === undefined) return { error: 'unexpected end of JSON path' }
      if (!/^'.*'$/s.test(quoted)) return { error: `expected single quoted string but got ${quoted}` }
      if (tokens[at + 2] === undefined) return { error: 'unexpected end of JSON path' }
      if (tokens[at + 2] !== ']') return { error: `expected ] but got ${tokens[at + 2]}` }
      name = quoted.slice(1, -1).replace(/\\(.)/g, '$1')
      at += 2
    } else {
      return { error: `expected [ or . but got: ${token}` }
    }
    const next = fieldSchema(schema, name)
    if (next === undefined) return { error: 'does not refer to a valid field' }
    names.push(name)
    fieldPath = hasProperties(schema) ? childPath(fieldPath, name) : keyPath(fieldPath, name)
    schema = next
  }
  return { names, schema, path: fieldPath }
}

function fieldSchema(schema: JSONSchemaProps, name: string): JSONSchemaProps | undefined {
  const { properties, additionalProperties } = schema
  if (hasProperties(schema)) return Object.hasOwn(properties!, name) ? properties![name] : undefined
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

function hasProperties({ properties }: JSONSchemaProps): boolean {
  return properties !== undefined && Object.keys(properties).length > 0
}
