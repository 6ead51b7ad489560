import { type FieldError, fieldError, indexPath, keyPath } from '@k1s/apimachinery'
import type { CompiledExpression } from '../cel/compile.ts'
import type { JSONSchemaProps, ValidationRule } from '../schema/json-schema-props.ts'
import { checkDefaults } from './check-defaults.ts'
import { type CompiledRule, compileRules } from './compile-rule.ts'
import {
  type Cardinality,
  costMessage,
  costOfAll,
  expressionCostLimit,
  TotalCost,
} from './cost/cost-limit.ts'
import { estimateCost } from './cost/estimate-cost.ts'
import { withResourceProperties } from './resource-properties.ts'
import { hasRules } from './rule-node.ts'
import { maxElementsAt, maxRequestSize, minSerializedSize, type SizedSchema } from './schema-size.ts'
import { isEmbedded, itemsOf, valuesOf } from './schema-type.ts'

/** Where a schema is within that of a version. */
interface Place {
  readonly path: string
  /** How often a value of it can occur. */
  readonly cardinality: Cardinality
  /** The outermost list around it whose items have no counterparts in an older one. */
  readonly uncorrelatable: string | undefined
}

/**
 * Violations in the rules of a structural schema: expressions that do not compile, or might cost too much for an
 * object that is as large as its schema allows. `schemaErrors` are the violations of its other parts: rules at and
 * around them are not looked at.
 *
 * Follows `ValidateCustomResourceDefinitionOpenAPISchema` of
 * `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.
 */
export function checkRules(
  schema: JSONSchemaProps,
  path: string,
  schemaErrors: readonly FieldError[],
): FieldError[] {
  const defaultErrors = checkDefaults(schema, path)
  if (defaultErrors.length > 0) return defaultErrors
  const check = new RuleCheck(schemaErrors)
  check.visit(schema, { schema, isResource: true }, { path, cardinality: 1, uncorrelatable: undefined })
  return [...check.errors, ...check.total.errors(path)]
}

class RuleCheck {
  readonly errors: FieldError[] = []
  readonly total = new TotalCost()
  readonly #schemaErrors: readonly FieldError[]

  constructor(schemaErrors: readonly FieldError[]) {
    this.#schemaErrors = schemaErrors
  }

  /** `typed` is the schema as rules around it see it. */
  visit(schema: JSONSchemaProps, typed: SizedSchema, place: Place): void {
    if (!hasRules(schema)) return
    const { path } = place
    const cardinality = place.cardinality && cardinalityWithin(schema, place.cardinality)
    const values = valuesOf(schema)
    if (values !== undefined) {
      const inner = { ...place, path: `${path}.additionalProperties`, cardinality }
      this.visit(values, sized(valuesOf(typed.schema) ?? values), inner)
    }
    const seen = typed.isResource ? withResourceProperties(typed.schema) : typed.schema
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const inner = { ...place, path: keyPath(`${path}.properties`, name), cardinality }
      this.visit(property, sized(seen.properties?.[name] ?? property), inner)
    }
    const items = itemsOf(schema)
    if (items !== undefined) {
      const isCorrelated = schema['x-kubernetes-list-type'] === 'map'
      const uncorrelatable = place.uncorrelatable ?? (isCorrelated ? undefined : path)
      this.visit(items, sized(items), { path: `${path}.items`, cardinality, uncorrelatable })
    }
    const rules = schema['x-kubernetes-validations'] ?? []
    if (rules.length > 0 && !this.#hasSchemaError(path)) this.#checkOwn(rules, typed, place)
  }

  /** At the schema or below it. */
  #hasSchemaError(path: string): boolean {
    return this.#schemaErrors.some(({ field }) => field === path || field.startsWith(`${path}.`))
  }

  #checkOwn(rules: readonly ValidationRule[], typed: SizedSchema, place: Place): void {
    compileRules(rules, typed).forEach((rule, index) => {
      const path = indexPath(`${place.path}.x-kubernetes-validations`, index)
      this.#checkRule(rule, `${path}.rule`, typed, place)
      this.#checkMessage(rule, `${path}.messageExpression`, typed)
      this.#checkOldSelf(rule, path, place)
    })
  }

  #checkRule({ source, program, error }: CompiledRule, path: string, typed: SizedSchema, place: Place): void {
    if (program !== undefined) {
      const times = place.cardinality ?? Math.floor(maxRequestSize / (minSerializedSize(typed) + 1))
      this.#checkCost('estimated rule cost', costOfAll(maxCost(program, typed), times), path)
    }
    if (error !== undefined) this.errors.push(fieldError.invalid(path, shownRule(source), error))
  }

  #checkMessage(
    { source, messageProgram, messageError }: CompiledRule,
    path: string,
    typed: SizedSchema,
  ): void {
    if (messageError !== undefined) {
      this.errors.push(fieldError.invalid(path, shownRule(source), messageError))
    }
    if (messageProgram === undefined) return
    this.#checkCost('estimated messageExpression cost', maxCost(messageProgram, typed), path)
  }

  #checkCost(what: string, cost: number, path: string): void {
    if (cost > expressionCostLimit) {
      this.errors.push(fieldError.forbidden(path, costMessage(what, cost, expressionCostLimit)))
    }
    this.total.add(path, cost)
  }

  #checkOldSelf({ source, usesOldSelf }: CompiledRule, path: string, { uncorrelatable }: Place): void {
    if (usesOldSelf && uncorrelatable !== undefined) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`
      this.errors.push(fieldError.invalid(`${path}.rule`, source.rule, detail))
    } else if (!usesOldSelf && source.optionalOldSelf !== undefined) {
      const detail = 'may not be set if oldSelf is not used in rule'
      this.errors.push(fieldError.invalid(`${path}.optionalOldSelf`, source.optionalOldSelf, detail))
    }
  }
}

function sized(schema: JSONSchemaProps): SizedSchema {
  return { schema, isResource: isEmbedded(schema) }
}

/** How often values directly within one that can occur `times` times can. */
function cardinalityWithin(schema: JSONSchemaProps, times: number): Cardinality {
  const isMap = schema.type === 'object' && schema.additionalProperties !== undefined
  if (!isMap && schema.type !== 'array') return times
  const max = isMap ? schema.maxProperties : schema.maxItems
  return max === undefined ? undefined : costOfAll(times, Math.max(0, max))
}

function maxCost(program: CompiledExpression, typed: SizedSchema): number {
  return estimateCost(program.checked, ([, ...path]) => maxElementsAt(typed, path)).max
}

/** The fields of a rule as Go names them. */
function shownRule(rule: ValidationRule): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['Rule', rule.rule ?? ''],
    ['Message', rule.message ?? ''],
    ['MessageExpression', rule.messageExpression ?? ''],
    ['Reason', rule.reason ?? null],
    ['FieldPath', rule.fieldPath ?? ''],
    ['OptionalOldSelf', rule.optionalOldSelf ?? null],
  ])
}
