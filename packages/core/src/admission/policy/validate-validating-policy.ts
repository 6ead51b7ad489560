import {
  append,
  equalJson,
  type FieldError,
  fieldError,
  isQualifiedName,
  type Unstructured,
} from '@k1s/apimachinery'
import { PolicyCompiler } from './policy-compiler.ts'
import type {
  AuditAnnotation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
  Validation,
} from './policy-types.ts'
import {
  validateExpression,
  validateMatchConditions,
  validatePolicyConstraints,
  validateVariables,
} from './validate-policy.ts'

const maxAuditAnnotations = 20
const maxValueExpressionBytes = 5 * 1024

/**
 * `ValidateValidatingAdmissionPolicy` of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`. Match conditions
 * that `old` had too are not looked at again.
 */
export function validateValidatingPolicy(object: Unstructured, old?: Unstructured): FieldError[] {
  const { spec = {}, metadata } = object as ValidatingAdmissionPolicy
  const { variables = [], validations = [], auditAnnotations = [] } = spec
  const compiler = new PolicyCompiler({
    hasParams: spec.paramKind !== undefined,
    hasVariables: variables.length > 0,
  })
  const errors = validatePolicyConstraints(spec, 'spec')
  if (!hasSameConditions(spec, (old as ValidatingAdmissionPolicy | undefined)?.spec)) {
    append(errors, validateMatchConditions(spec, 'spec.matchConditions'))
  }
  append(errors, validateVariables(compiler, variables, 'spec.variables'))
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item'
    return [
      ...errors,
      fieldError.required('spec.validations', why),
      fieldError.required('spec.auditAnnotations', why),
    ]
  }
  return [
    ...errors,
    ...validations.flatMap((validation, index) =>
      validateValidation(compiler, validation, `spec.validations[${index}]`),
    ),
    ...validateAuditAnnotations(compiler, metadata.name ?? '', auditAnnotations, 'spec.auditAnnotations'),
  ]
}

/** Whether the match conditions mean what they meant. */
export function hasSameConditions(
  spec: ValidatingAdmissionPolicySpec,
  old: ValidatingAdmissionPolicySpec | undefined,
): boolean {
  return (
    old !== undefined &&
    equalJson(spec.paramKind, old.paramKind) &&
    equalJson(spec.matchConditions ?? [], old.matchConditions ?? [])
  )
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

function validateValidation(
  compiler: PolicyCompiler,
  { expression = '', message = '', messageExpression = '', reason }: Validation,
  path: string,
): FieldError[] {
  const errors =
    expression.trim() === ''
      ? [fieldError.required(`${path}.expression`, 'expression is not specified')]
      : validateExpression(compiler, expression, 'condition', `${path}.expression`)
  const messagePath = `${path}.messageExpression`
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(fieldError.invalid(messagePath, messageExpression, 'must be non-empty if specified'))
  } else if (messageExpression !== '') {
    append(errors, validateExpression(compiler, messageExpression, 'message', messagePath))
  }
  if (message !== '' && message.trim() === '') {
    errors.push(fieldError.invalid(`${path}.message`, message, 'must be non-empty if specified'))
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(fieldError.invalid(`${path}.message`, message, 'must not contain line breaks'))
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(fieldError.notSupported(`${path}.reason`, reason, reasons))
  }
  return errors
}

function validateAuditAnnotations(
  compiler: PolicyCompiler,
  name: string,
  annotations: readonly AuditAnnotation[],
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (annotations.length > maxAuditAnnotations) {
    const why = `must not have more than ${maxAuditAnnotations} auditAnnotations`
    // Kubernetes shows the Go structs of its internal version.
    const shown = annotations.map(({ key, valueExpression }) => ({
      Key: key ?? '',
      ValueExpression: valueExpression ?? '',
    }))
    errors.push(fieldError.invalid(path, shown, why))
  }
  const keys = new Set<string>()
  for (const [index, annotation] of annotations.entries()) {
    const { key = '' } = annotation
    append(errors, validateAuditAnnotation(compiler, name, annotation, `${path}[${index}]`))
    if (keys.has(key)) errors.push(fieldError.duplicate(`${path}[${index}].key`, key))
    keys.add(key)
  }
  return errors
}

function validateAuditAnnotation(
  compiler: PolicyCompiler,
  name: string,
  { key = '', valueExpression = '' }: AuditAnnotation,
  path: string,
): FieldError[] {
  const errors =
    name === ''
      ? [fieldError.invalid(`${path}.key`, key, 'requires metadata.name be non-empty')]
      : isQualifiedName(`${name}/${key}`).map((problem) =>
          fieldError.invalid(`${path}.key`, `${name}/${key}`, problem),
        )
  const trimmed = valueExpression.trim()
  const at = `${path}.valueExpression`
  if (trimmed === '') return [...errors, fieldError.required(at, 'valueExpression is not specified')]
  if (Buffer.byteLength(trimmed) > maxValueExpressionBytes) {
    const why = `must not exceed ${maxValueExpressionBytes} bytes in length`
    return [...errors, fieldError.required(at, why)]
  }
  return [...errors, ...validateExpression(compiler, trimmed, 'audit annotation', at, valueExpression)]
}
