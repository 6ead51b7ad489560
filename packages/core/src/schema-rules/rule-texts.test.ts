import { formatFieldError, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, it } from 'vitest'
import { validateSchema } from '../crd/validate-version.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { SchemaNode } from '../schema/schema-node.ts'
import { checkRules } from './check-rules.ts'
import { rulesOf } from './evaluate-rules.ts'
import { costLimits } from './rule-budget.ts'
import table from './rule-texts.json' with { type: 'json' }

interface Row {
  readonly name: string
  readonly schema: JSONSchemaProps
  /** Costs in place of those of Kubernetes. */
  readonly perCall?: number
  readonly total?: number
  /** What is wrong with a definition of this schema. */
  readonly definition: readonly string[]
  readonly objects: readonly {
    readonly object: object
    readonly old?: object
    readonly errors: readonly string[]
    readonly warnings?: readonly string[]
  }[]
}

/** Schemas with rules, and objects; and what a Kubernetes 1.37 API server says of them. */
const rows = table as unknown as readonly Row[]

const path = 'spec.validation.openAPIV3Schema'
// Of fields that stand side by side, Kubernetes reports in no order.
const sorted = (texts: readonly string[]) => [...texts].sort()

describe.each(rows)('$name', ({ schema, perCall, total, definition, objects }) => {
  it('is as good a definition as Kubernetes says', () => {
    const errors = validateSchema(schema, false, path, checkRules)
    expect(sorted(errors.map(formatFieldError))).toEqual(sorted(definition))
  })

  const evaluate = rulesOf(
    new SchemaNode(schema, () => {
      throw new Error('no schema of the table has a pattern')
    }),
    { perCall: perCall ?? costLimits.perCall, total: total ?? costLimits.total },
  )

  it.each(objects)('says of $object after $old what Kubernetes does', ({ object, old, ...expected }) => {
    const warnings: string[] = []
    const errors = evaluate(object as Unstructured, old as Unstructured | undefined, (text) =>
      warnings.push(text),
    )
    expect(sorted(errors.map(formatFieldError))).toEqual(sorted(expected.errors))
    expect(sorted(warnings)).toEqual(sorted(expected.warnings ?? []))
  })
})
