import { formatFieldError, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, it } from 'vitest'
import { compileRegularExpression } from '../regular-expression.ts'
import { compileSchema } from './compile-schema.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'
import table from './validation-texts.json' with { type: 'json' }

/** Schemas of a field, and what a Kubernetes 1.37 API server says about values of it. */
const rows = table as { schema: JSONSchemaProps; values: { value: unknown; errors: string[] }[] }[]

describe.each(rows)('a field with the schema $schema', ({ schema, values }) => {
  it.each(values)('$value', ({ value, errors }) => {
    const spec: JSONSchemaProps = { type: 'object', properties: { x: schema } }
    const compiled = compileSchema(
      { type: 'object', properties: { spec } },
      { compilePattern: compileRegularExpression },
    )
    const object: Unstructured = {
      apiVersion: 'example.com/v1',
      kind: 'Foo',
      metadata: {},
      spec: { x: structuredClone(value) },
    }
    compiled.applyDefaults(object)
    compiled.prune(object)

    expect(compiled.validate(object).map(formatFieldError).sort()).toEqual([...errors].sort())
  })
})
