import { type CompileSchemaOptions, compileSchema } from './compile-schema.ts'
import { hasPatterns, type JSONSchemaProps } from './json-schema-props.ts'
import type { ResourceSchema } from './resource-schema.ts'

/** {@link compileSchema}, with regular expressions loaded if the schema has a pattern. */
export async function loadResourceSchema(
  schema: JSONSchemaProps,
  options: CompileSchemaOptions = {},
): Promise<ResourceSchema> {
  if (!hasPatterns(schema)) return compileSchema(schema, options)
  const { compileRegularExpression } = await import('../regular-expression.ts')
  return compileSchema(schema, { ...options, compilePattern: compileRegularExpression })
}
