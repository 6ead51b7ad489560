import { formatFieldError, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, it } from 'vitest'
import { validateSchema } from '../crd/validate-version.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { SchemaNode } from '../schema/schema-node.ts'
import { checkRules } from './check-rules.ts'
import { compileRules } from './compile-rule.ts'
import { estimateCost } from './cost/estimate-cost.ts'
import { rulesOf } from './evaluate-rules.ts'
import { withResourceProperties } from './resource-properties.ts'
import { costLimits } from './rule-budget.ts'
import table from './rule-texts.json' with { type: 'json' }
import { maxElementsAt, maxRequestSize, minSerializedSize, type SizedSchema } from './schema-size.ts'

interface Row {
  readonly name: string
  readonly schema: JSONSchemaProps
  /** Costs in place of those of Kubernetes. */
  readonly perCall?: number
  readonly total?: number
  /** What is wrong with a definition of this schema. */
  readonly definition: readonly string[]
  /** By place and index of a rule: what it may cost at most, and how often it may run in an object without limits. */
  readonly costs?: { readonly [rule: string]: readonly number[] }
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

/** The costs of all rules of a schema, by place and index. */
function costsOf(of: SizedSchema, place = ''): { [rule: string]: number[] } {
  const schema = of.isResource ? withResourceProperties(of.schema) : of.schema
  const costs: { [rule: string]: number[] } = {}
  compileRules(schema['x-kubernetes-validations'] ?? [], of).forEach(({ program }, index) => {
    const { max } = estimateCost(program!.checked, ([, ...path]) => maxElementsAt(of, path))
    costs[`${place}#${index}`] = [max, Math.floor(maxRequestSize / (minSerializedSize(of) + 1))]
  })
  const descend = (inner: JSONSchemaProps, name: string) =>
    Object.assign(costs, costsOf({ schema: inner, isResource: false }, `${place}.${name}`))
  for (const name in schema.properties) descend(schema.properties[name]!, `properties[${name}]`)
  if (schema.items !== undefined) descend(schema.items as JSONSchemaProps, 'items')
  const { additionalProperties } = schema
  if (typeof additionalProperties === 'object') descend(additionalProperties, 'additionalProperties')
  return costs
}

describe.each(rows.filter(({ costs }) => costs !== undefined))('$name', ({ schema, costs }) => {
  it('are those of Kubernetes', () => {
    expect(costsOf({ schema, isResource: true })).toEqual(costs)
  })
})

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
