import { formatFieldError } from '@k1s/apimachinery'
import { expect, it } from 'vitest'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import table from './schema-texts.json' with { type: 'json' }
import { validateSchema } from './validate-version.ts'

/** Schemas of a field, and what a Kubernetes 1.37 API server says of a definition with it; `x` is its path. */
const rows = table as { schema: JSONSchemaProps; errors: string[] }[]

const path = 'spec.validation.openAPIV3Schema.properties[spec].properties[x]'

it.each(rows)('$schema', ({ schema, errors }) => {
  const spec: JSONSchemaProps = { type: 'object', properties: { x: schema } }
  const found = validateSchema(
    { type: 'object', properties: { spec } },
    false,
    'spec.validation.openAPIV3Schema',
  )

  const texts = new Set(found.map((error) => formatFieldError(error).replaceAll(path, 'x')))
  expect([...texts].sort()).toEqual([...errors].sort())
})
