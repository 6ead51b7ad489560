import { isJsonObject, type JsonObject, quote, type Unstructured } from '@k1s/apimachinery'
import type { CelType } from '../../cel/cel-type.ts'
import type { CelObject, CelValue } from '../../cel/cel-value.ts'
import { CostBudget, CostExceededError, WORK_PER_COST } from '../../cel/cost-budget.ts'
import { CelEvaluationError } from '../../cel/evaluation-error.ts'
import { jsonToCel } from '../../cel/json-value.ts'
import type { AdmissionRequestMeta } from '../create-admission-request.ts'
import type { PolicyExpression } from './policy-compiler.ts'
import { objectType } from './policy-variables.ts'

/** Limits of `k8s.io/apiserver/pkg/apis/cel/config.go`: of one expression, of all of a policy, of its conditions. */
export const perCallLimit = 1_000_000
export const policyBudget = 10_000_000
export const matchConditionsBudget = 2_500_000

/** What expressions see of a request. Objects are in the version of the rule that matched. */
export interface PolicyInput {
  readonly object: Unstructured | undefined
  readonly oldObject: Unstructured | undefined
  readonly request: () => AdmissionRequestMeta
  /** Undefined for cluster-scoped objects, and where no expression of the policy speaks of it. */
  readonly namespace: Unstructured | undefined
  /** Undefined where a binding names none. */
  readonly params: Unstructured | undefined
}

/** No further expressions are evaluated, in Kubernetes' words. */
export class OutOfBudgetError extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run')
    this.name = 'OutOfBudgetError'
  }
}

/** The value of an expression, or why it has none. */
export type Evaluation = { readonly value: CelValue } | { readonly error: string }

/**
 * Evaluates expressions of one policy for one request, until what they may cost together is spent: `evaluationActivation`
 * of `k8s.io/apiserver/pkg/admission/plugin/cel`. Variables are evaluated when they are first asked for.
 */
export class PolicyActivation {
  readonly #values: Readonly<Record<string, CelValue>>
  readonly #variableBudgets: CostBudget[] = []
  #remaining: number
  #remainingWork: number

  constructor(input: PolicyInput, variables: ReadonlyMap<string, PolicyExpression>, budget: number) {
    this.#remaining = budget
    this.#remainingWork = policyBudget * WORK_PER_COST
    const { object, oldObject, request, namespace, params } = input
    let requestValue: CelValue | undefined
    let namespaceValue: CelValue | undefined
    this.#values = {
      object: jsonToCel(object),
      oldObject: jsonToCel(oldObject),
      params: jsonToCel(params),
      variables: new LazyVariables((name) => this.#variable(name, variables)),
      // What few expressions ask for is made when they do.
      get request() {
        requestValue ??= jsonToCel(requestObject(request()))
        return requestValue
      },
      get namespaceObject() {
        namespaceValue ??= jsonToCel(namespace && namespaceObject(namespace))
        return namespaceValue
      },
    }
  }

  get remaining(): number {
    return this.#remaining
  }

  /** An OutOfBudgetError once all expressions have cost more than they may. */
  evaluate({ expression, program, error }: PolicyExpression): Evaluation {
    if (program === undefined) return { error: `compilation error: ${error}` }
    const budget = new CostBudget(perCallLimit)
    const evaluation = this.#attempt(() => program.evaluate(this.#values, budget))
    // Variables are charged even if the expression that asked for them failed.
    for (const spent of this.#variableBudgets.splice(0)) this.#spend(spent)
    this.#spend(budget)
    return 'value' in evaluation
      ? evaluation
      : { error: `expression '${expression}' resulted in error: ${evaluation.error}` }
  }

  #attempt(run: () => CelValue): Evaluation {
    try {
      return { value: run() }
    } catch (error) {
      if (error instanceof CelEvaluationError || error instanceof CostExceededError) {
        return { error: error.message }
      }
      throw error
    }
  }

  #spend({ spent, worked }: CostBudget): void {
    this.#remainingWork -= worked
    if (spent > this.#remaining || this.#remainingWork < 0) throw new OutOfBudgetError()
    this.#remaining -= spent
  }

  #variable(name: string, variables: ReadonlyMap<string, PolicyExpression>): CelValue {
    const { program, error } = variables.get(name)!
    if (program === undefined) {
      throw new CelEvaluationError(`composited variable ${quote(name)} fails to compile: ${error}`)
    }
    const budget = new CostBudget(perCallLimit)
    const evaluation = this.#attempt(() => program.evaluate(this.#values, budget))
    this.#variableBudgets.push(budget)
    if ('value' in evaluation) return evaluation.value
    throw new CelEvaluationError(`composited variable ${quote(name)} fails to evaluate: ${evaluation.error}`)
  }
}

/** The value of `variables`: `lazy.MapValue` of `k8s.io/apiserver/pkg/cel`. */
class LazyVariables implements CelObject {
  readonly celKind = 'object'
  readonly type: CelType = objectType('kubernetes.variables', {})
  readonly #known = new Map<string, { readonly value: CelValue } | { readonly thrown: unknown }>()
  readonly #evaluate: (name: string) => CelValue

  constructor(evaluate: (name: string) => CelValue) {
    this.#evaluate = evaluate
  }

  get(name: string): CelValue {
    let known = this.#known.get(name)
    if (known === undefined) {
      try {
        known = { value: this.#evaluate(name) }
      } catch (thrown) {
        known = { thrown }
      }
      this.#known.set(name, known)
    }
    if ('thrown' in known) throw known.thrown
    return known.value
  }

  equals(other: CelValue): boolean {
    return other === this
  }
}

/** What Go leaves out of JSON where it is empty is not there for an expression. */
function requestObject({ userInfo, ...request }: AdmissionRequestMeta): JsonObject {
  const info = Object.entries(userInfo).filter(([, value]) => !isEmpty(value))
  const rest = Object.entries(request).filter(([name, value]) => name !== 'name' || value !== '')
  return { uid: '', ...Object.fromEntries(rest), userInfo: Object.fromEntries(info) }
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

const namespaceMetadata = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
] as const

/** The parts of a namespace that policies may see: `CreateNamespaceObject`. */
function namespaceObject({ metadata, spec = {}, status = {} }: Unstructured): JsonObject {
  const seen = namespaceMetadata.flatMap((name) =>
    metadata[name] === undefined ? [] : [[name, metadata[name]]],
  )
  return { metadata: Object.fromEntries(seen), spec, status }
}
