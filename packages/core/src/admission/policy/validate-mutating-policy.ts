import { append, type FieldError, fieldError, type Unstructured } from '@k1s/apimachinery'
import { PolicyCompiler } from './policy-compiler.ts'
import type { MutatingAdmissionPolicy, Mutation } from './policy-types.ts'
import { oneOf, validateMutatingOperations } from './validate-match-resources.ts'
import {
  validateExpression,
  validateMatchConditions,
  validatePolicyConstraints,
  validateVariables,
} from './validate-policy.ts'
import { hasSameConditions } from './validate-validating-policy.ts'

const patchTypes = ['ApplyConfiguration', 'JSONPatch']
const reinvocationPolicies = ['IfNeeded', 'Never']

/** `ValidateMutatingAdmissionPolicy` of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`. */
export function validateMutatingPolicy(object: Unstructured, old?: Unstructured): FieldError[] {
  const { spec = {} } = object as MutatingAdmissionPolicy
  const { matchConstraints, variables = [], mutations = [], reinvocationPolicy = '' } = spec
  const compiler = new PolicyCompiler({ hasParams: spec.paramKind !== undefined, hasVariables: true })
  const errors = validatePolicyConstraints(spec, 'spec')
  if (matchConstraints !== undefined) {
    append(errors, validateMutatingOperations(matchConstraints, 'spec.matchConstraints'))
  }
  if (!hasSameConditions(spec, (old as MutatingAdmissionPolicy | undefined)?.spec)) {
    append(errors, validateMatchConditions(spec, 'spec.matchConditions'))
  }
  append(errors, validateVariables(compiler, variables, 'spec.variables'))
  if (mutations.length === 0) {
    errors.push(fieldError.required('spec.mutations', 'mutations must contain at least one item'))
  }
  for (const [index, mutation] of mutations.entries()) {
    append(errors, validateMutation(compiler, mutation, `spec.mutations[${index}]`))
  }
  const policy = reinvocationPolicy === '' ? undefined : reinvocationPolicy
  return [...errors, ...oneOf(policy, reinvocationPolicies, 'spec.reinvocationPolicy')]
}

function validateMutation(
  compiler: PolicyCompiler,
  { patchType = '', applyConfiguration, jsonPatch }: Mutation,
  path: string,
): FieldError[] {
  if (patchType === '') return [fieldError.required(`${path}.patchType`, '')]
  if (!patchTypes.includes(patchType)) {
    return [fieldError.notSupported(`${path}.patchType`, patchType, patchTypes)]
  }
  const isJsonPatch = patchType === 'JSONPatch'
  const [wanted, other] = isJsonPatch ? [jsonPatch, applyConfiguration] : [applyConfiguration, jsonPatch]
  const names = ['applyConfiguration', 'jsonPatch']
  const [wantedName, otherName] = (isJsonPatch ? names.reverse() : names) as [string, string]
  const errors: FieldError[] = []
  if (wanted === undefined) {
    const why = `must be specified when patchType is ${patchType}`
    errors.push(fieldError.required(`${path}.${wantedName}`, why))
  } else {
    const expression = (wanted.expression ?? '').trim()
    const at = `${path}.${wantedName}.expression`
    const use = isJsonPatch ? 'JSON patch' : 'apply configuration'
    if (expression === '') errors.push(fieldError.required(at, ''))
    else append(errors, validateExpression(compiler, expression, use, at))
  }
  if (other !== undefined) {
    const why = `must not be specified when patchType is ${patchType}`
    errors.push(fieldError.invalid(`${path}.${otherName}`, `{${otherName}}`, why))
  }
  return errors
}
