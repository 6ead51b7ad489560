import {
  append,
  copyJson,
  equalJson,
  StatusError,
  type StatusReason,
  type Unstructured,
} from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { AdmissionAttributes } from '../admission.ts'
import type { MatchedResource } from '../equivalent-resources.ts'
import type { Reinvocation } from '../reinvocation.ts'
import { takeChange } from '../take-change.ts'
import { applyConfiguration } from './apply-configuration.ts'
import { applyPatchExpression } from './apply-patch-expression.ts'
import { type BoundPolicy, findBoundPolicies, policyInput, seesNamespace } from './bound-policies.ts'
import { forbiddenRequest } from './forbidden.ts'
import { MutationError } from './mutation-error.ts'
import { OutOfBudgetError, PolicyActivation, type PolicyInput, policyBudget } from './policy-activation.ts'
import { PolicyCompiler, type PolicyExpression } from './policy-compiler.ts'
import { checkConditions } from './policy-conditions.ts'
import { PolicySource } from './policy-source.ts'
import type { MutatingAdmissionPolicy, PolicyBinding } from './policy-types.ts'

const pluginName = 'MutatingAdmissionPolicy'

interface MutatingEvaluator {
  readonly conditions: readonly PolicyExpression[]
  readonly mutations: readonly { readonly patchType: string; readonly expression: PolicyExpression }[]
  readonly variables: ReadonlyMap<string, PolicyExpression>
  readonly seesNamespace: boolean
}

/** `compilePolicy` of `k8s.io/apiserver/pkg/admission/plugin/policy/mutating`. */
function compileMutatingPolicy(policy: MutatingAdmissionPolicy): MutatingEvaluator {
  const { spec = {} } = policy
  const { paramKind, variables = [], matchConditions = [], mutations = [] } = spec
  const compiler = new PolicyCompiler({ hasParams: paramKind !== undefined, hasVariables: true })
  for (const { name = '', expression = '' } of variables) compiler.declareVariable(name, expression)
  return {
    conditions: matchConditions.map(({ expression = '' }) => compiler.compile(expression, 'condition')),
    mutations: mutations.map(({ patchType = '', applyConfiguration: applied, jsonPatch }) => ({
      patchType,
      expression:
        patchType === 'JSONPatch'
          ? compiler.compile(jsonPatch?.expression ?? '', 'JSON patch')
          : compiler.compile(applied?.expression ?? '', 'apply configuration'),
    })),
    variables: compiler.variables,
    seesNamespace: seesNamespace(policy),
  }
}

interface PolicyError {
  readonly policy: MutatingAdmissionPolicy
  readonly binding?: PolicyBinding
  readonly message: string
  readonly reason?: StatusReason
}

type Bound = BoundPolicy<MutatingAdmissionPolicy, MutatingEvaluator>

/** Evaluates MutatingAdmissionPolicies: `k8s.io/apiserver/pkg/admission/plugin/policy/mutating`. */
export class MutatingPolicies {
  readonly #context: { readonly storage: StorageInterface; readonly registry: ResourceRegistry }
  readonly #source: PolicySource<MutatingAdmissionPolicy, MutatingEvaluator>

  constructor(context: { storage: StorageInterface; registry: ResourceRegistry }) {
    this.#context = context
    this.#source = new PolicySource(context.storage, {
      policies: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
      bindings: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
      compile: compileMutatingPolicy,
    })
  }

  /** Changes the object of a request in place. `bindingsRevision` is that of the last write of a binding. */
  async mutate(
    attributes: AdmissionAttributes,
    reinvocation: Reinvocation,
    bindingsRevision: number,
  ): Promise<void> {
    const { object } = attributes
    if (object === undefined) return
    const hooks = await this.#source.hooks(attributes.tenant, bindingsRevision)
    const found = await findBoundPolicies(this.#context, attributes, hooks)
    if (found.length === 0) return
    const steps = reinvocation.stepsOf(pluginName)
    steps.begin(reinvocation, object)
    const before = copyJson(object)
    const errors: PolicyError[] = []
    for (const one of found) {
      if ('message' in one) errors.push(one)
    }
    for (const one of found) {
      if (!('message' in one)) append(errors, await this.#invoke(one, attributes, reinvocation))
    }
    // Kubernetes then runs even the one that made the only change again.
    if (!equalJson(before, object)) steps.requirePrevious()
    steps.end(object)
    refuse(attributes, errors)
  }

  async #invoke(
    bound: Bound,
    attributes: AdmissionAttributes,
    reinvocation: Reinvocation,
  ): Promise<PolicyError[]> {
    const { hook, binding, matched } = bound
    const { policy, evaluator } = hook
    const steps = reinvocation.stepsOf(pluginName)
    const errors: PolicyError[] = []
    for (const params of bound.params) {
      const input = {
        ...(await policyInput(this.#context.storage, attributes, matched, evaluator.seesNamespace)),
        params,
      }
      const failed = (message: string) => errors.push({ policy, binding, message, reason: 'Invalid' })
      const matches = checkConditions(
        evaluator.conditions,
        evaluator.variables,
        policy.spec?.failurePolicy,
        input,
      )
      if (typeof matches !== 'boolean') failed(matches.error)
      if (matches !== true) continue
      const key = invocationKey(policy, binding, params)
      if (reinvocation.isReinvocation && !steps.isDue(key)) continue
      const before = copyJson(attributes.object)
      for (const mutation of evaluator.mutations) {
        try {
          await this.#mutate(mutation, evaluator, attributes, bound.matched, params)
        } catch (error) {
          if (!(error instanceof MutationError || error instanceof OutOfBudgetError)) throw error
          failed(error.message)
        }
      }
      if (!equalJson(before, attributes.object)) {
        steps.requirePrevious()
        reinvocation.isNeeded = true
      }
      if (policy.spec?.reinvocationPolicy === 'IfNeeded') steps.addPrevious(key)
    }
    return errors
  }

  async #mutate(
    { patchType, expression }: MutatingEvaluator['mutations'][number],
    evaluator: MutatingEvaluator,
    attributes: AdmissionAttributes,
    matched: MatchedResource,
    params: Unstructured | undefined,
  ): Promise<void> {
    if (expression.program === undefined) throw new MutationError(expression.error ?? '')
    const input: PolicyInput = {
      ...(await policyInput(this.#context.storage, attributes, matched, evaluator.seesNamespace)),
      params,
    }
    const result = new PolicyActivation(input, evaluator.variables, policyBudget).evaluate(expression)
    if ('error' in result) throw new MutationError(result.error)
    const object = input.object!
    const changed =
      patchType === 'JSONPatch'
        ? applyPatchExpression(object, result.value)
        : await applyConfiguration(object, result.value, matched)
    await takeChange(attributes, matched, changed)
  }
}

function invocationKey(
  policy: Unstructured,
  binding: Unstructured,
  params: Unstructured | undefined,
): string {
  const { name, namespace } = params?.metadata ?? {}
  return JSON.stringify([policy.metadata.name, binding.metadata.name, namespace, name])
}

/** The refusal of `policyDispatcher.Dispatch` of `k8s.io/apiserver/pkg/admission/plugin/policy/generic`. */
function refuse(attributes: AdmissionAttributes, errors: readonly PolicyError[]): void {
  const counting = errors.filter(({ policy }) => policy.spec?.failurePolicy !== 'Ignore')
  const [first] = counting
  if (first === undefined) return
  const messages = counting.map(({ policy, binding, message }) =>
    binding === undefined
      ? `policy "${policy.metadata.name}" denied request: ${message}`
      : `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${message}`,
  )
  const { status } = forbiddenRequest(attributes, 'admission request denied by policy')
  throw new StatusError({
    ...status,
    message: messages[0]!,
    ...(first.reason !== undefined && { reason: first.reason }),
    details: { ...status.details, causes: messages.map((message) => ({ message })) },
  })
}
