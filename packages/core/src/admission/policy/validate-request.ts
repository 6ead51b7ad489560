import { valueTypeName } from '../../cel/value-type.ts'
import { seesNamespace } from './bound-policies.ts'
import { OutOfBudgetError, PolicyActivation, type PolicyInput, policyBudget } from './policy-activation.ts'
import { PolicyCompiler, type PolicyExpression } from './policy-compiler.ts'
import { checkConditions } from './policy-conditions.ts'
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from './policy-types.ts'

/** What was compiled of a policy. */
export interface ValidatingEvaluator {
  readonly conditions: readonly PolicyExpression[]
  readonly validations: readonly CompiledValidation[]
  readonly annotations: readonly CompiledAnnotation[]
  readonly variables: ReadonlyMap<string, PolicyExpression>
  readonly failurePolicy: string | undefined
  readonly seesNamespace: boolean
}

interface CompiledValidation {
  readonly source: Validation
  readonly expression: PolicyExpression
  readonly message: PolicyExpression | undefined
}

interface CompiledAnnotation {
  readonly source: AuditAnnotation
  readonly expression: PolicyExpression
}

/** `compilePolicy` of `k8s.io/apiserver/pkg/admission/plugin/policy/validating`. */
export function compileValidatingPolicy(policy: ValidatingAdmissionPolicy): ValidatingEvaluator {
  const { spec = {} } = policy
  const { paramKind, variables = [], matchConditions = [], validations = [], auditAnnotations = [] } = spec
  const compiler = new PolicyCompiler({ hasParams: paramKind !== undefined, hasVariables: true })
  for (const { name = '', expression = '' } of variables) compiler.declareVariable(name, expression)
  return {
    conditions: matchConditions.map(({ expression = '' }) => compiler.compile(expression, 'condition')),
    validations: validations.map((source) => ({
      source,
      expression: compiler.compile(source.expression ?? '', 'condition'),
      message: source.messageExpression ? compiler.compile(source.messageExpression, 'message') : undefined,
    })),
    annotations: auditAnnotations.map((source) => ({
      source,
      expression: compiler.compile(source.valueExpression ?? '', 'audit annotation'),
    })),
    variables: compiler.variables,
    failurePolicy: spec.failurePolicy,
    seesNamespace: seesNamespace(policy),
  }
}

/** A validation that failed, or could not be evaluated. */
export interface PolicyDenial {
  /** Its place among the validations. */
  readonly index: number
  readonly message: string
  readonly reason?: string
}

export interface PolicyVerdict {
  readonly denials: readonly PolicyDenial[]
  readonly annotations: readonly { readonly key: string; readonly value: string }[]
  /** Annotations that could not be made. They deny, whatever the actions of the binding are. */
  readonly annotationErrors: readonly string[]
}

const nothing: PolicyVerdict = { denials: [], annotations: [], annotationErrors: [] }

/** `validator.Validate` of `k8s.io/apiserver/pkg/admission/plugin/policy/validating`. */
export function validateRequest(evaluator: ValidatingEvaluator, input: PolicyInput): PolicyVerdict {
  const { conditions, variables, failurePolicy } = evaluator
  const failed = (message: string): PolicyVerdict =>
    failurePolicy === 'Ignore' ? nothing : { ...nothing, denials: [{ index: 0, message }] }
  const matches = checkConditions(conditions, variables, failurePolicy, input)
  if (typeof matches !== 'boolean') return failed(matches.error)
  if (!matches) return nothing
  try {
    const denials = evaluateValidations(evaluator, input)
    return { denials, ...evaluateAnnotations(evaluator, input) }
  } catch (error) {
    if (error instanceof OutOfBudgetError) return failed(error.message)
    throw error
  }
}

function evaluateValidations(evaluator: ValidatingEvaluator, input: PolicyInput): PolicyDenial[] {
  const { validations, variables, failurePolicy } = evaluator
  const activation = new PolicyActivation(input, variables, policyBudget)
  const results = validations.map(({ expression }) => activation.evaluate(expression))
  if (results.every((result) => 'value' in result && result.value === true)) return []
  const messages = evaluateMessages(evaluator, input, activation.remaining)
  return results.flatMap((result, index) => {
    const failure = (message: string) => (failurePolicy === 'Ignore' ? [] : [{ index, message }])
    if ('error' in result) return failure(result.error)
    if (messages instanceof OutOfBudgetError) return failure(`failed messageExpression: ${messages.message}`)
    if (result.value === true) return []
    const { source } = validations[index]!
    const message =
      messages[index] ||
      (source.message ?? '').trim() ||
      `failed expression: ${(source.expression ?? '').trim()}`
    return [{ index, message, ...(source.reason !== undefined && { reason: source.reason }) }]
  })
}

/** `MaxEvaluatedMessageExpressionSizeBytes` */
const maxMessageBytes = 5 * 1024

/** The text of each messageExpression that gives a usable one. */
function evaluateMessages(
  { validations, variables }: ValidatingEvaluator,
  input: PolicyInput,
  budget: number,
): (string | undefined)[] | OutOfBudgetError {
  const activation = new PolicyActivation(input, variables, budget)
  try {
    return validations.map(({ message }) => {
      if (message === undefined) return undefined
      const result = activation.evaluate(message)
      if ('error' in result || typeof result.value !== 'string') return undefined
      const text = result.value.trim()
      return Buffer.byteLength(text) > maxMessageBytes || text.includes('\n') ? undefined : text
    })
  } catch (error) {
    if (error instanceof OutOfBudgetError) return error
    throw error
  }
}

function evaluateAnnotations(
  { annotations, variables, failurePolicy }: ValidatingEvaluator,
  input: PolicyInput,
): Pick<PolicyVerdict, 'annotations' | 'annotationErrors'> {
  const published: { key: string; value: string }[] = []
  const errors: string[] = []
  if (annotations.length === 0) return { annotations: published, annotationErrors: errors }
  const activation = new PolicyActivation(input, variables, policyBudget)
  for (const { source, expression } of annotations) {
    const result = activation.evaluate(expression)
    if ('error' in result) {
      if (failurePolicy !== 'Ignore') errors.push(result.error)
    } else if (typeof result.value === 'string') {
      const value = result.value.trim()
      if (value !== '') published.push({ key: source.key ?? '', value })
    } else if (result.value !== null) {
      errors.push(
        `valueExpression '${source.valueExpression}' resulted in unsupported return type: ${valueTypeName(result.value)}. Return type must be either string or null.`,
      )
    }
  }
  return { annotations: published, annotationErrors: errors }
}
