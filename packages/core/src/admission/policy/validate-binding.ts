import {
  append,
  type FieldError,
  fieldError,
  isDNS1123Subdomain,
  isValidPathSegmentName,
  type Unstructured,
} from '@k1s/apimachinery'
import type { ParamRef, PolicyBinding } from './policy-types.ts'
import { validateLabelSelector } from './validate-label-selector.ts'
import { validateMatchResources, validateMutatingOperations } from './validate-match-resources.ts'

/** `ValidateValidatingAdmissionPolicyBinding` of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`. */
export function validateValidatingBinding(object: Unstructured): FieldError[] {
  const { spec = {} } = object as PolicyBinding
  return [
    ...validateBinding(object),
    ...validateActions(spec.validationActions ?? [], 'spec.validationActions'),
  ]
}

/** `ValidateMutatingAdmissionPolicyBinding` of the same. */
export function validateMutatingBinding(object: Unstructured): FieldError[] {
  const { spec = {} } = object as PolicyBinding
  const { matchResources } = spec
  return [
    ...validateBinding(object),
    ...(matchResources === undefined ? [] : validateMutatingOperations(matchResources, matchPath)),
  ]
}

const matchPath = 'spec.matchResources'

function validateBinding(object: Unstructured): FieldError[] {
  const { policyName = '', paramRef, matchResources } = (object as PolicyBinding).spec ?? {}
  const name =
    policyName === ''
      ? [fieldError.required('spec.policyName', '')]
      : isDNS1123Subdomain(policyName).map((problem) =>
          fieldError.invalid('spec.policyName', policyName, problem),
        )
  return [
    ...name,
    ...(paramRef === undefined ? [] : validateParamRef(paramRef, 'spec.paramRef')),
    ...(matchResources === undefined ? [] : validateMatchResources(matchResources, matchPath)),
  ]
}

const notFoundActions = ['Deny', 'Allow']

function validateParamRef({ name = '', selector, parameterNotFoundAction = '' }: ParamRef, path: string) {
  const exclusive = 'name and selector are mutually exclusive'
  const errors: FieldError[] = []
  if (name !== '') {
    for (const problem of isValidPathSegmentName(name)) {
      errors.push(fieldError.invalid(`${path}.name`, name, problem))
    }
    if (selector !== undefined) errors.push(fieldError.forbidden(`${path}.name`, exclusive))
  }
  if (selector !== undefined) {
    append(errors, validateLabelSelector(selector, `${path}.selector`))
    if (name !== '') errors.push(fieldError.forbidden(`${path}.selector`, exclusive))
  }
  if (name === '' && selector === undefined) {
    errors.push(fieldError.required(path, 'one of name or selector must be specified'))
  }
  const actionPath = `${path}.parameterNotFoundAction`
  if (parameterNotFoundAction === '') errors.push(fieldError.required(actionPath, ''))
  else if (!notFoundActions.includes(parameterNotFoundAction)) {
    errors.push(fieldError.notSupported(actionPath, parameterNotFoundAction, notFoundActions))
  }
  return errors
}

const validationActions = ['Audit', 'Deny', 'Warn']

function validateActions(actions: readonly string[], path: string): FieldError[] {
  const errors = actions.flatMap((action, index) => [
    ...(validationActions.includes(action)
      ? []
      : [fieldError.notSupported(`${path}[${index}]`, action, validationActions)]),
    ...(actions.indexOf(action) < index ? [fieldError.duplicate(`${path}[${index}]`, action)] : []),
  ])
  if (actions.includes('Deny') && actions.includes('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    errors.push(fieldError.invalid(path, actions, why))
  }
  if (actions.length === 0) {
    errors.push(fieldError.required(path, 'at least one validation action is required'))
  }
  return errors
}
