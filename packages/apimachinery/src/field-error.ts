/**
 * Field paths and field errors, with the texts of `k8s.io/apimachinery/pkg/util/validation/field`.
 */
import { formatFieldValue } from './field-value.ts'
import type { StatusCause } from './meta.ts'
import { quote } from './quote.ts'

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooShort'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
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
  FieldValueTooShort: 'Too short',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
  InternalError: 'Internal error',
  FieldValueTypeInvalid: 'Invalid value',
}

const typesWithoutValue: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'FieldValueTooShort',
  'InternalError',
])

/** As `badValue`, leaves the value out of the message, as `field.omitValue` does. */
export const omitValue: unique symbol = Symbol('omitted value')

/** One thing that is wrong with one field. `field` is a path such as `spec.items[0].name`. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  /** What the message shows: see {@link formatFieldErrorBody}. Undefined and null are shown as `null`. */
  readonly badValue?: unknown
  /** What would be right; may be empty. */
  readonly detail: string
}

/** Constructors, named as in Go. A negative bound of `tooLong` and its siblings gives a message without it. */
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
    detail: supported.length === 0 ? '' : `supported values: ${supported.map(quote).join(', ')}`,
  }),
  forbidden: (field: string, detail: string): FieldError => ({
    type: 'FieldValueForbidden',
    field,
    badValue: '',
    detail,
  }),
  /** `max` in bytes. The value is not kept, since it is long. */
  tooLong: (field: string, _value: unknown, max: number): FieldError => ({
    type: 'FieldValueTooLong',
    field,
    badValue: '<value omitted>',
    detail: max >= 0 ? `may not be more than ${count(max, 'byte')}` : 'value is too long',
  }),
  tooLongCharacters: (field: string, _value: unknown, max: number): FieldError => ({
    type: 'FieldValueTooLong',
    field,
    badValue: '<value omitted>',
    detail: max >= 0 ? `may not be more than ${count(max, 'character')}` : 'value is too long',
  }),
  tooShort: (field: string, value: unknown, min: number): FieldError => ({
    type: 'FieldValueTooShort',
    field,
    badValue: value,
    detail: min >= 0 ? `must be at least ${count(min, 'character')}` : 'value is too short',
  }),
  /** A negative `actual` is left out of the message. */
  tooMany: (field: string, actual: number, max: number): FieldError => ({
    type: 'FieldValueTooMany',
    field,
    badValue: actual >= 0 ? actual : omitValue,
    detail: max >= 0 ? `must have at most ${count(max, 'item')}` : 'has too many items',
  }),
  tooFew: (field: string, actual: number, min: number): FieldError => ({
    type: 'FieldValueTooFew',
    field,
    badValue: actual,
    detail: min >= 0 ? `must have at least ${count(min, 'item')}` : 'has too few items',
  }),
  internal: (field: string, error: unknown): FieldError => ({
    type: 'InternalError',
    field,
    badValue: error,
    detail: error instanceof Error ? error.message : String(error),
  }),
} as const

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`
}

/**
 * The message without the field, as `field.Error.ErrorBody()`: `Invalid value: -1: must be positive`. Texts are
 * quoted, objects and arrays are shown as JSON, and some types of error show no value at all.
 */
export function formatFieldErrorBody(error: FieldError): string {
  const title = titles[error.type]
  const omitsValue = typesWithoutValue.has(error.type) || error.badValue === omitValue
  const body = omitsValue ? title : `${title}: ${formatFieldValue(error.badValue)}`
  return error.detail === '' ? body : `${body}: ${error.detail}`
}

/** `spec.quantity: Invalid value: -1: must be positive`, as `field.Error.Error()`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field}: ${formatFieldErrorBody(error)}`
}

/**
 * Several errors in one text, as `field.ErrorList.ToAggregate().Error()`: equal messages once, more than one in
 * brackets with commas between. Empty for no errors.
 */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map(formatFieldError))]
  return messages.length > 1 ? `[${messages.join(', ')}]` : (messages[0] ?? '')
}

/** A cause of `status.details.causes`. The reason is the field error's type, as in Kubernetes. */
export function causeOfFieldError(error: FieldError): StatusCause {
  return { reason: error.type, message: formatFieldErrorBody(error), field: error.field }
}

/** `parent.name`, as `field.Path.Child`; `name` alone below an empty parent. */
export function childPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}

/** `parent[index]`, as `field.Path.Index`. */
export function indexPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}

/** `parent[key]`, as `field.Path.Key`. */
export function keyPath(parent: string, key: string): string {
  return `${parent}[${key}]`
}
