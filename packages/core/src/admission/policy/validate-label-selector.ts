import {
  type FieldError,
  fieldError,
  isQualifiedName,
  isValidLabelValue,
  type LabelSelector,
  type LabelSelectorRequirement,
} from '@k1s/apimachinery'

/** `ValidateLabelSelector` of `k8s.io/apimachinery/pkg/apis/meta/v1/validation`, values included. */
export function validateLabelSelector(selector: LabelSelector, path: string): FieldError[] {
  const { matchLabels = {}, matchExpressions = [] } = selector
  const labels = `${path}.matchLabels`
  return [
    ...Object.entries(matchLabels).flatMap(([key, value]) => [
      ...invalid(labels, key, isQualifiedName(key)),
      ...invalid(labels, value, isValidLabelValue(value)),
    ]),
    ...matchExpressions.flatMap((requirement, index) =>
      validateRequirement(requirement, `${path}.matchExpressions[${index}]`),
    ),
  ]
}

function validateRequirement(requirement: LabelSelectorRequirement, path: string): FieldError[] {
  const { key = '', values = [] } = requirement
  return [
    ...validateOperator(requirement, path),
    ...invalid(`${path}.key`, key, isQualifiedName(key)),
    ...values.flatMap((value, index) => invalid(`${path}.values[${index}]`, value, isValidLabelValue(value))),
  ]
}

function validateOperator({ operator, values = [] }: LabelSelectorRequirement, path: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const why = "must be specified when `operator` is 'In' or 'NotIn'"
      return values.length === 0 ? [fieldError.required(`${path}.values`, why)] : []
    }
    case 'Exists':
    case 'DoesNotExist': {
      const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      return values.length > 0 ? [fieldError.forbidden(`${path}.values`, why)] : []
    }
    default:
      return [fieldError.invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')]
  }
}

function invalid(path: string, value: string, problems: readonly string[]): FieldError[] {
  return problems.map((problem) => fieldError.invalid(path, value, problem))
}
