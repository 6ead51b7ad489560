import {
  childPath,
  type FieldError,
  fieldError,
  formatFieldError,
  indexPath,
  isJsonObject,
  keyPath,
  omitValue,
  quote,
  type Unstructured,
} from '@k1s/apimachinery'
import type { CompiledExpression } from '../cel/compile.ts'
import { CelEvaluationError } from '../cel/evaluation-error.ts'
import { Correlation } from '../schema/correlation.ts'
import type { ValidationRule } from '../schema/json-schema-props.ts'
import type { SchemaNode } from '../schema/schema-node.ts'
import { Comparison } from './comparison.ts'
import type { CompiledRule } from './compile-rule.ts'
import { type CostLimits, costLimits, RuleBudget, type Variables } from './rule-budget.ts'
import { RuleNode } from './rule-node.ts'
import { type RuleVariables, ruleVariables } from './rule-variables.ts'

const outOfBudget =
  'validation failed due to running out of cost budget, no further validation rules will be run'

/** `MaxEvaluatedMessageExpressionSizeBytes` */
const maxMessageLength = 5 * 1024

/**
 * Violations of the rules of an object. `old` is what it is to replace: broken rules of values that are as they were
 * go to `warn`, each as a field error in one line, and are dropped without it.
 */
export type EvaluateRules = (
  object: Unstructured,
  old: Unstructured | undefined,
  warn?: (text: string) => void,
) => FieldError[]

/** Ends the evaluation when the costs have reached their limit. */
class Stopped {}

/**
 * The rules of a resource's schema. They are compiled when an object first reaches them.
 *
 * Follows `Validate` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`; where that iterates over a Go
 * map, the order here is that of the object.
 */
export function rulesOf(root: SchemaNode, limits: CostLimits = costLimits): EvaluateRules {
  const rules = new RuleNode(root.schema, true)
  return (object, old, warn = () => {}) => {
    const comparison =
      old === undefined ? undefined : Comparison.ofObjects(new Correlation(object, old, root))
    const evaluation = new RuleEvaluation(new RuleBudget(limits), warn)
    evaluation.run(rules, object, '', comparison)
    return evaluation.errors
  }
}

/** One pass over a value and what is within. */
export class RuleEvaluation {
  readonly errors: FieldError[] = []
  readonly #budget: RuleBudget
  readonly #warn: (text: string) => void

  constructor(budget: RuleBudget, warn: (text: string) => void) {
    this.#budget = budget
    this.#warn = warn
  }

  run(node: RuleNode, value: unknown, path: string, comparison: Comparison | undefined): void {
    try {
      this.#visit(node, value, path, comparison)
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    }
  }

  /** Nulls have no rules of their own: those around them speak about them. */
  #visit(node: RuleNode, value: unknown, path: string, comparison: Comparison | undefined): void {
    if (value === null || value === undefined) return
    if (node.hasOwnRules) this.#checkRules(node, value, path, comparison)
    for (const part of node.allOf) this.#visit(part, value, path, comparison?.withinAllOf())
    if (Array.isArray(value)) this.#visitItems(node, value, path, comparison)
    else if (isJsonObject(value)) this.#visitFields(node, value, path, comparison)
  }

  #visitItems(
    { items }: RuleNode,
    value: readonly unknown[],
    path: string,
    comparison: Comparison | undefined,
  ): void {
    if (items === undefined) return
    for (let index = 0; index < value.length; index++) {
      this.#visit(items, value[index], indexPath(path, index), comparison?.item(index))
    }
  }

  #visitFields(
    node: RuleNode,
    value: { readonly [name: string]: unknown },
    path: string,
    comparison: Comparison | undefined,
  ): void {
    const { values } = node
    const names = Object.keys(value)
    if (values !== undefined) {
      for (const name of names) this.#visit(values, value[name], keyPath(path, name), comparison?.field(name))
    }
    for (const name of names) {
      const property = node.property(name)
      if (property === undefined) continue
      this.#visit(property, value[name], childPath(path, name), comparison?.field(name))
    }
  }

  #checkRules(node: RuleNode, value: unknown, path: string, comparison: Comparison | undefined): void {
    const place: Place = { node, value, path, comparison }
    if (this.#budget.isSpent) this.#stop(place, outOfBudget)
    const variables = this.#variablesOf(place)
    if (variables === undefined) return
    for (const rule of node.rules) {
      if (rule.error !== undefined) this.#add(place, `rule compile error: ${rule.error}`)
      else if (rule.program !== undefined) this.#checkRule(place, rule, rule.program, variables)
    }
  }

  #variablesOf(place: Place): RuleVariables | undefined {
    const { node, value, comparison } = place
    try {
      return ruleVariables(node, value, comparison?.old)
    } catch (error) {
      if (!(error instanceof CelEvaluationError)) throw error
      for (const { source } of node.rules)
        this.#add(place, evaluationFailure(error.message, shownRule(source)))
      return undefined
    }
  }

  #checkRule(
    place: Place,
    rule: CompiledRule,
    program: CompiledExpression,
    { plain, optional }: RuleVariables,
  ): void {
    const isOptional = rule.source.optionalOldSelf === true
    // A rule about a change needs something that changes.
    if (rule.usesOldSelf && place.comparison?.old === undefined && !isOptional) return
    const outcome = this.#budget.run(program, isOptional ? optional : plain)
    if (outcome.kind === 'value') {
      // Kubernetes evaluates messages without the optional.
      if (outcome.value !== true) this.#violation(place, rule, plain)
    } else if (outcome.kind === 'error') {
      this.#add(place, evaluationFailure(outcome.message, shownRule(rule.source)))
    } else if (outcome.kind === 'stopped') {
      const why = 'no further validation rules will be run due to call cost exceeds limit for rule'
      this.#stop(place, `'${outcome.message}': ${why}: ${shownRule(rule.source)}`)
    } else {
      this.#stop(place, outOfBudget)
    }
  }

  #violation({ node, value, path, comparison }: Place, rule: CompiledRule, variables: Variables): void {
    const { source } = rule
    const type = node.schema.type ?? ''
    const field = rule.fieldPath === '' ? fieldOf(path) : childPath(path, rule.fieldPath)
    const report = (error: FieldError) => {
      if (!rule.usesOldSelf && comparison?.isUnchanged === true) this.#warn(formatFieldError(error))
      else this.errors.push(error)
    }
    const message = this.#evaluateMessage(rule, variables)
    if (message?.isFinal === true) {
      report(fieldError.invalid(field, type, message.text))
      throw new Stopped()
    }
    const fixedMessage = source.message ? source.message.trim() : `failed rule: ${shownRule(source)}`
    const shown = type === 'object' || type === 'array' ? omitValue : value
    report(errorFor(source.reason, field, shown, message?.text ?? fixedMessage))
  }

  /** Undefined if there is no messageExpression or it gave no usable text. */
  #evaluateMessage(rule: CompiledRule, variables: Variables): { text: string; isFinal?: true } | undefined {
    if (rule.messageProgram === undefined) return undefined
    const outcome = this.#budget.run(rule.messageProgram, variables)
    switch (outcome.kind) {
      case 'spent':
        return {
          text: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
          isFinal: true,
        }
      case 'stopped':
        return {
          text: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${quote(rule.source.messageExpression ?? '')}`,
          isFinal: true,
        }
      case 'error':
        return undefined
      case 'value': {
        const text = typeof outcome.value === 'string' ? outcome.value.trim() : ''
        const isUsable = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= maxMessageLength
        return isUsable ? { text } : undefined
      }
    }
  }

  #add({ node, path }: Place, detail: string): void {
    this.errors.push(fieldError.invalid(fieldOf(path), node.schema.type ?? '', detail))
  }

  #stop(place: Place, detail: string): never {
    this.#add(place, detail)
    throw new Stopped()
  }
}

interface Place {
  readonly node: RuleNode
  readonly value: unknown
  readonly path: string
  readonly comparison: Comparison | undefined
}

/** Types that are known only at run time are why an overload may be missing. */
function evaluationFailure(problem: string, rule: string): string {
  if (!problem.startsWith('no such overload')) return `${problem} evaluating rule: ${rule}`
  return `'${problem}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`
}

function fieldOf(path: string): string {
  return path === '' ? '<nil>' : path
}

function shownRule({ rule = '', message = '' }: ValidationRule): string {
  return (message === '' ? rule : message).trim()
}

function errorFor(reason: string | undefined, field: string, value: unknown, detail: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return fieldError.forbidden(field, detail)
    case 'FieldValueRequired':
      return fieldError.required(field, detail)
    case 'FieldValueDuplicate':
      return fieldError.duplicate(field, value)
    default:
      return fieldError.invalid(field, value, detail)
  }
}
