import type { LabelSelector, Unstructured } from '@k1s/apimachinery'
import type { MatchResources } from '../match-resources.ts'

/** What policies of both kinds have in common. What is optional in the API but has a default is set once stored. */
export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string }
  readonly matchConstraints?: MatchResources
  readonly failurePolicy?: string
  readonly matchConditions?: readonly MatchCondition[]
  readonly variables?: readonly PolicyVariable[]
}

export interface MatchCondition {
  readonly name?: string
  readonly expression?: string
}

export interface PolicyVariable {
  readonly name?: string
  readonly expression?: string
}

export interface Policy extends Unstructured {
  spec?: PolicySpec
}

export interface Validation {
  readonly expression?: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
}

export interface AuditAnnotation {
  readonly key?: string
  readonly valueExpression?: string
}

export interface ValidatingAdmissionPolicySpec extends PolicySpec {
  readonly validations?: readonly Validation[]
  readonly auditAnnotations?: readonly AuditAnnotation[]
}

/** `ValidatingAdmissionPolicy` of `admissionregistration.k8s.io/v1`. */
export interface ValidatingAdmissionPolicy extends Policy {
  spec?: ValidatingAdmissionPolicySpec
  status?: ValidatingAdmissionPolicyStatus
}

export interface ValidatingAdmissionPolicyStatus {
  observedGeneration?: number
  typeChecking?: { expressionWarnings?: { fieldRef: string; warning: string }[] }
  conditions?: unknown[]
}

export interface Mutation {
  readonly patchType?: string
  readonly applyConfiguration?: { readonly expression?: string }
  readonly jsonPatch?: { readonly expression?: string }
}

export interface MutatingAdmissionPolicySpec extends PolicySpec {
  readonly mutations?: readonly Mutation[]
  readonly reinvocationPolicy?: string
}

/** `MutatingAdmissionPolicy` of `admissionregistration.k8s.io/v1`. */
export interface MutatingAdmissionPolicy extends Policy {
  spec?: MutatingAdmissionPolicySpec
}

export interface ParamRef {
  readonly name?: string
  readonly namespace?: string
  readonly selector?: LabelSelector
  readonly parameterNotFoundAction?: string
}

export interface PolicyBindingSpec {
  readonly policyName?: string
  readonly paramRef?: ParamRef
  readonly matchResources?: MatchResources
  /** Of ValidatingAdmissionPolicyBindings only. */
  readonly validationActions?: readonly string[]
}

/** A ValidatingAdmissionPolicyBinding or MutatingAdmissionPolicyBinding. */
export interface PolicyBinding extends Unstructured {
  spec?: PolicyBindingSpec
}
