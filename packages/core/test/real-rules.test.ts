import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FieldError, Unstructured } from '@k1s/apimachinery'
import { decodeYaml } from '@k1s/apimachinery/yaml'
import { describe, expect, it, test } from 'vitest'
import type { CustomResourceDefinition } from '../src/crd/custom-resource-definition.ts'
import { compileRegularExpression } from '../src/regular-expression.ts'
import type { JSONSchemaProps, ValidationRule } from '../src/schema/json-schema-props.ts'
import { SchemaNode } from '../src/schema/schema-node.ts'
import { checkRules } from '../src/schema-rules/check-rules.ts'
import { type EvaluateRules, rulesOf } from '../src/schema-rules/evaluate-rules.ts'
import { type RuleCase, realRuleCases } from './real-rule-cases.ts'

const manifests = fileURLToPath(new URL('../../../../shared/testdata', import.meta.url))
const isThere = existsSync(manifests)
if (!isThere) console.log(`skipped: no real definitions at ${manifests}`)

interface PlacedRule {
  /** `HTTPRoute v1 spec.rules[].timeouts #0` */
  readonly title: string
  readonly kind: string
  readonly place: string
  readonly index: number
  readonly rule: ValidationRule
  readonly evaluate: EvaluateRules
}

const schemas = readDefinitions().flatMap(({ spec }) =>
  spec.versions.map(({ name, schema }) => ({
    kind: spec.names.kind,
    version: name,
    schema: schema!.openAPIV3Schema!,
  })),
)

function readDefinitions(): CustomResourceDefinition[] {
  if (!isThere) return []
  return ['gateway-api', 'cert-manager'].flatMap((folder) =>
    readdirSync(`${manifests}/${folder}`)
      .filter((file) => file.startsWith('crd-'))
      .flatMap((file) => decodeYaml(readFileSync(`${manifests}/${folder}/${file}`, 'utf8'), { file }))
      .map(({ value }) => value as CustomResourceDefinition)
      .filter(({ kind }) => kind === 'CustomResourceDefinition'),
  )
}

function* rulesIn(
  schema: JSONSchemaProps,
  place: string,
): Generator<{ place: string; index: number; rule: ValidationRule }> {
  for (const [index, rule] of (schema['x-kubernetes-validations'] ?? []).entries())
    yield { place, index, rule }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield* rulesIn(property, place === '' ? name : `${place}.${name}`)
  }
  if (schema.items !== undefined) yield* rulesIn(schema.items as JSONSchemaProps, `${place}[]`)
  if (typeof schema.additionalProperties === 'object')
    yield* rulesIn(schema.additionalProperties, `${place}{}`)
}

const rules: PlacedRule[] = schemas.flatMap(({ kind, version, schema }) => {
  const evaluate = rulesOf(new SchemaNode(schema, compileRegularExpression))
  return [...rulesIn(schema, '')].map((placed) => ({
    ...placed,
    kind,
    evaluate,
    title: `${kind} ${version} ${placed.place} #${placed.index}`,
  }))
})

/** An object with `value` at a place, and nothing else: `spec.rules[].filters` becomes `spec.rules[0].filters`. */
function objectWith(place: string, value: unknown): Unstructured {
  const steps = place.match(/\[\]|[^.[\]]+/g)!
  return steps.reduceRight(
    (inner, step) => (step === '[]' ? [inner] : { [step]: inner }),
    value,
  ) as Unstructured
}

const caseOf = ({ kind, place, index }: PlacedRule): RuleCase | undefined =>
  realRuleCases[kind]?.[place]?.[index]

function errorsOf(placed: PlacedRule, value: unknown, old: unknown): FieldError[] {
  const { place, rule, evaluate } = placed
  const errors = evaluate(objectWith(place, value), old === undefined ? undefined : objectWith(place, old))
  const field = place.replaceAll('[]', '[0]')
  // Around the value, much is missing that other rules ask for.
  return errors.filter((error) => error.field === field && error.detail.includes(rule.message!))
}

describe.skipIf(!isThere)('rules of definitions that real users install', () => {
  test('all have a case, and no case is without a rule', () => {
    const places = new Set(rules.map(({ kind, place, index }) => `${kind} ${place} ${index}`))
    const cases = Object.entries(realRuleCases).flatMap(([kind, ofKind]) =>
      Object.entries(ofKind).flatMap(([place, ofPlace]) =>
        ofPlace.map((_, index) => `${kind} ${place} ${index}`),
      ),
    )
    expect(rules.length).toBeGreaterThan(290)
    expect(cases.sort()).toEqual([...places].sort())
  })

  it.each(schemas.map(({ kind, version, schema }) => [`${kind} ${version}`, schema] as const))(
    '%s: compile, and cost no more than they may',
    (_, schema) => {
      expect(checkRules(schema, 'schema', [])).toEqual([])
    },
  )

  it.each(rules.map((placed) => [placed.title, placed] as const))('%s passes and fails', (_, placed) => {
    const { passes, fails, old } = caseOf(placed)!
    expect(errorsOf(placed, passes, old)).toEqual([])
    expect(errorsOf(placed, fails, old)).toMatchObject([
      { type: 'FieldValueInvalid', detail: placed.rule.message },
    ])
  })
})
