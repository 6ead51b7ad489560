import type { StatusError, StatusReason } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { AdmissionAttributes } from '../admission.ts'
import { isExempt } from '../match-rules.ts'
import { type BoundPolicy, findBoundPolicies, policyInput } from './bound-policies.ts'
import { forbiddenRequest } from './forbidden.ts'
import { PolicySource } from './policy-source.ts'
import type { PolicyBinding, ValidatingAdmissionPolicy } from './policy-types.ts'
import {
  compileValidatingPolicy,
  type PolicyDenial,
  type ValidatingEvaluator,
  validateRequest,
} from './validate-request.ts'

const maxValidationFailures = 50
const maxAnnotationBytes = 10 * 1024

/** A denial that ends the request. */
interface Denied {
  readonly policy: ValidatingAdmissionPolicy
  readonly binding?: PolicyBinding
  readonly message: string
  readonly reason?: string
}

/** A denial for the audit event: `ValidationFailureValue`. */
interface ValidationFailure {
  readonly message: string
  readonly policy: string
  readonly binding: string
  readonly expressionIndex: number
  readonly validationActions: readonly string[]
}

/** Evaluates ValidatingAdmissionPolicies: `k8s.io/apiserver/pkg/admission/plugin/policy/validating`. */
export class ValidatingPolicies {
  readonly #context: { readonly storage: StorageInterface; readonly registry: ResourceRegistry }
  readonly #source: PolicySource<ValidatingAdmissionPolicy, ValidatingEvaluator>

  constructor(context: { storage: StorageInterface; registry: ResourceRegistry }) {
    this.#context = context
    this.#source = new PolicySource(context.storage, {
      policies: 'validatingadmissionpolicies.admissionregistration.k8s.io',
      bindings: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      compile: compileValidatingPolicy,
    })
  }

  /** Throws the first denial. `bindingsRevision` is that of the last write of a binding. */
  async validate(attributes: AdmissionAttributes, bindingsRevision: number): Promise<void> {
    if (isExempt(attributes)) return
    const hooks = await this.#source.hooks(attributes.tenant, bindingsRevision)
    const found = await findBoundPolicies(this.#context, attributes, hooks)
    if (found.length === 0) return
    const request = new RequestValidation(attributes)
    for (const one of found) {
      if ('message' in one) request.addConfigurationError(one)
      else {
        const { hook, matched } = one
        const { evaluator } = hook
        const input = await policyInput(this.#context.storage, attributes, matched, evaluator.seesNamespace)
        request.evaluate(one, input)
      }
    }
    request.finish()
  }
}

class RequestValidation {
  readonly #attributes: AdmissionAttributes
  readonly #denied: Denied[] = []
  readonly #failures: ValidationFailure[] = []
  readonly #annotations = new Map<string, Set<string>>()

  constructor(attributes: AdmissionAttributes) {
    this.#attributes = attributes
  }

  addConfigurationError(error: Denied): void {
    if (error.policy.spec?.failurePolicy !== 'Ignore') this.#denied.push(error)
  }

  evaluate(
    {
      hook: { policy, evaluator },
      binding,
      params,
    }: BoundPolicy<ValidatingAdmissionPolicy, ValidatingEvaluator>,
    input: Awaited<ReturnType<typeof policyInput>>,
  ): void {
    for (const param of params) {
      const verdict = validateRequest(evaluator, { ...input, params: param })
      for (const denial of verdict.denials) this.#addDenial(policy, binding, denial)
      for (const { key, value } of verdict.annotations) {
        this.#addAnnotation(`${policy.metadata.name}/${key}`, value)
      }
      for (const message of verdict.annotationErrors) this.#denied.push({ policy, binding, message })
    }
  }

  #addDenial(policy: ValidatingAdmissionPolicy, binding: PolicyBinding, denial: PolicyDenial): void {
    const validationActions = binding.spec?.validationActions ?? []
    const { message, index } = denial
    const policyName = policy.metadata.name ?? ''
    const bindingName = binding.metadata.name ?? ''
    for (const action of validationActions) {
      if (action === 'Deny') this.#denied.push({ policy, binding, ...denial })
      if (action === 'Audit') {
        this.#failures.push({
          message,
          policy: policyName,
          binding: bindingName,
          expressionIndex: index,
          validationActions,
        })
      }
      if (action === 'Warn') {
        this.#attributes.warn(
          `Validation failed for ValidatingAdmissionPolicy '${policyName}' with binding '${bindingName}': ${message}`,
        )
      }
    }
  }

  #addAnnotation(key: string, value: string): void {
    const values = this.#annotations.get(key) ?? new Set()
    values.add(firstBytes(value, maxAnnotationBytes))
    this.#annotations.set(key, values)
  }

  finish(): void {
    for (const [key, values] of this.#annotations) this.#attributes.annotate(key, [...values].join(', '))
    if (this.#failures.length > 0) {
      const failures = JSON.stringify(this.#failures.slice(0, maxValidationFailures))
      this.#attributes.annotate('validation.policy.admission.k8s.io/validation_failure', failures)
    }
    const [first] = this.#denied
    if (first !== undefined) throw denialError(this.#attributes, first)
  }
}

function firstBytes(text: string, max: number): string {
  return Buffer.byteLength(text) <= max ? text : Buffer.from(text).subarray(0, max).toString()
}

const codes: { readonly [reason: string]: number } = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
}

function denialError(attributes: AdmissionAttributes, denied: Denied): StatusError {
  const { policy, binding, reason = 'Invalid' } = denied
  const bound = binding === undefined ? '' : ` with binding '${binding.metadata.name}'`
  const message = `ValidatingAdmissionPolicy '${policy.metadata.name}'${bound} denied request: ${denied.message}`
  const error = forbiddenRequest(attributes, message)
  error.status.reason = reason as StatusReason
  error.status.code = codes[reason] ?? 422
  error.status.details!.causes = [{ message }]
  return error
}
