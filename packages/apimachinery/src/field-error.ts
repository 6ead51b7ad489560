/**
 * Field paths and field errors, with the texts of `k8s.io/apimachinery/pkg/util/validation/field`.
 */
import type { StatusCause } from './meta.ts'

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid'

const titles: Record<FieldErrorType, string> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
}

/** One thing that is wrong with one field. `field` is a path such as `spec.items[0].name`. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  readonly badValue?: unknown
  readonly detail: string
}

export const fieldError = {
  notFound: (field: string, value: unknown): FieldError => ({
    type: 'FieldValueNotFound',
    field,
    badValue: value,
    detail: '',
  }),
  required: (field: string, detail = ''): FieldError => ({
    type: 'FieldValueRequired',
    field,
    badValue: '',
    detail,
  }),
  duplicate: (field: string, value: unknown): FieldError => ({
    type: 'FieldValueDuplicate',
    field,
    badValue: value,
    detail: '',
  }),
  invalid: (field: string, value: unknown, detail: string): FieldError => ({
    type: 'FieldValueInvalid',
    field,
    badValue: value,
    detail,
  }),
  typeInvalid: (field: string, value: unknown, detail: string): FieldError => ({
    type: 'FieldValueTypeInvalid',
    field,
    badValue: value,
    detail,
  }),
  notSupported: (field: string, value: unknown, supported: readonly string[]): FieldError => ({
    type: 'FieldValueNotSupported',
    field,
    badValue: value,
    detail:
      supported.length === 0 ? '' : `supported values: ${supported.map((v) => JSON.stringify(v)).join(', ')}`,
  }),
  forbidden: (field: string, detail: string): FieldError => ({
    type: 'FieldValueForbidden',
    field,
    badValue: '',
    detail,
  }),
  tooLong: (field: string, value: unknown, max: number): FieldError => ({
    type: 'FieldValueTooLong',
    field,
    badValue: value,
    detail: max >= 0 ? `may not be more than ${max} ${max === 1 ? 'byte' : 'bytes'}` : 'value is too long',
  }),
  tooMany: (field: string, actual: number, max: number): FieldError => ({
    type: 'FieldValueTooMany',
    field,
    badValue: actual,
    detail: max >= 0 ? `must have at most ${max} ${max === 1 ? 'item' : 'items'}` : 'has too many items',
  }),
  internal: (field: string, error: unknown): FieldError => ({
    type: 'InternalError',
    field,
    detail: error instanceof Error ? error.message : String(error),
  }),
} as const

/** The message without the field, as `field.Error.ErrorBody()`: `Invalid value: -1: must be positive`. */
export function formatFieldErrorBody(error: FieldError): string {
  const title = titles[error.type]
  const omitsValue =
    error.type === 'FieldValueRequired' ||
    error.type === 'FieldValueForbidden' ||
    error.type === 'FieldValueTooLong' ||
    error.type === 'InternalError'
  const body = omitsValue ? title : `${title}: ${formatBadValue(error.badValue)}`
  return error.detail === '' ? body : `${body}: ${error.detail}`
}

/** `spec.quantity: Invalid value: -1: must be positive`, as `field.Error.Error()`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field}: ${formatFieldErrorBody(error)}`
}

function formatBadValue(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  return JSON.stringify(value)
}

/** A cause of `status.details.causes`. The reason is the field error's type, as in Kubernetes. */
export function causeOfFieldError(error: FieldError): StatusCause {
  return { reason: error.type, message: formatFieldErrorBody(error), field: error.field }
}

/** `parent.child`, or `parent[key]` for a name that is not an identifier's, as `field.Path` prints children. */
export function childPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}

export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}

export function keyPath(parent: string, key: string): string {
  return `${parent}[${key}]`
}
