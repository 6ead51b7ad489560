import { append, type FieldError, fieldError, newInvalid, validateFieldManager } from '@k1s/apimachinery'
import type { ApiRequest, RequestOptions, Verb } from '../request.ts'

/**
 * Invalid if the options of a request are none: `ValidateListOptions`, `ValidateCreateOptions`,
 * `ValidateUpdateOptions`, `ValidatePatchOptions` and `ValidateDeleteOptions` of `k8s.io/apimachinery/pkg/apis/meta`.
 */
export function checkOptions(request: ApiRequest): void {
  const errors = optionErrors(request)
  if (errors.length === 0) return
  throw newInvalid({ group: 'meta.k8s.io', kind: optionsKinds[request.verb] }, '', errors)
}

const optionsKinds: { readonly [verb in Verb]: string } = {
  get: 'GetOptions',
  list: 'ListOptions',
  watch: 'ListOptions',
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
}

function optionErrors({ verb, options, patchType }: ApiRequest): readonly FieldError[] {
  switch (verb) {
    case 'get':
      return noErrors
    case 'list':
      return listErrors(options)
    case 'watch':
      return watchErrors(options)
    case 'create':
    case 'update':
      return writeErrors(options)
    case 'patch':
      return [...forceErrors(options, patchType), ...writeErrors(options)]
    case 'delete':
    case 'deletecollection':
      return [...propagationErrors(options), ...dryRunErrors(options)]
  }
}

const noErrors: readonly FieldError[] = []
const matchField = 'resourceVersionMatch'

function listErrors(options: RequestOptions): readonly FieldError[] {
  const { resourceVersionMatch: match, resourceVersion, sendInitialEvents } = options
  if (match === undefined && sendInitialEvents === undefined) return noErrors
  const errors: FieldError[] = []
  if (match !== undefined) {
    if (!resourceVersion) {
      errors.push(
        fieldError.forbidden(matchField, `${matchField} is forbidden unless resourceVersion is provided`),
      )
    }
    if (options.continue) {
      errors.push(fieldError.forbidden(matchField, `${matchField} is forbidden when continue is provided`))
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(fieldError.notSupported(matchField, match, ['Exact', 'NotOlderThan', '']))
    }
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(
        fieldError.forbidden(matchField, `${matchField} "exact" is forbidden for resourceVersion "0"`),
      )
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(fieldError.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return errors
}

function watchErrors(options: RequestOptions): readonly FieldError[] {
  const { resourceVersionMatch: match, sendInitialEvents } = options
  if (match === undefined && sendInitialEvents === undefined) return noErrors
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    const why = `sendInitialEvents requires setting ${matchField} to NotOlderThan`
    errors.push(fieldError.forbidden(matchField, why))
  }
  if (match === undefined) return errors
  if (sendInitialEvents === undefined) {
    const why = `${matchField} is forbidden for watch unless sendInitialEvents is provided`
    errors.push(fieldError.forbidden(matchField, why))
  }
  if (match !== 'NotOlderThan') errors.push(fieldError.notSupported(matchField, match, ['NotOlderThan']))
  if (options.continue) {
    errors.push(fieldError.forbidden(matchField, `${matchField} is forbidden when continue is provided`))
  }
  return errors
}

const fieldValidations = ['', 'Ignore', 'Strict', 'Warn']

function writeErrors(options: RequestOptions): readonly FieldError[] {
  const { fieldManager, fieldValidation } = options
  if (options.dryRun === undefined && fieldManager === undefined && fieldValidation === undefined)
    return noErrors
  const errors = fieldManager === undefined ? [] : validateFieldManager(fieldManager, 'fieldManager')
  append(errors, dryRunErrors(options))
  if (fieldValidation !== undefined && !fieldValidations.includes(fieldValidation)) {
    errors.push(fieldError.notSupported('fieldValidation', fieldValidation, fieldValidations))
  }
  return errors
}

function dryRunErrors({ dryRun }: RequestOptions): readonly FieldError[] {
  if (dryRun === undefined || dryRun.every((value) => value === 'All')) return noErrors
  return [fieldError.notSupported('dryRun', dryRun, ['All'])]
}

function forceErrors(
  { force, fieldManager }: RequestOptions,
  patchType: ApiRequest['patchType'],
): readonly FieldError[] {
  if (patchType === 'application/apply-patch+yaml') {
    return fieldManager ? noErrors : [fieldError.required('fieldManager', 'is required for apply patch')]
  }
  return force === undefined
    ? noErrors
    : [fieldError.forbidden('force', 'may not be specified for non-apply patch')]
}

const propagationPolicies = ['Foreground', 'Background', 'Orphan']

function propagationErrors({ propagationPolicy: policy }: RequestOptions): readonly FieldError[] {
  if (policy === undefined || propagationPolicies.includes(policy)) return noErrors
  return [fieldError.notSupported('propagationPolicy', policy, [...propagationPolicies, 'nil'])]
}
