import { describe, expect, test } from 'vitest'
import {
  causeOfFieldError,
  childPath,
  type FieldError,
  fieldError,
  formatFieldError,
  formatFieldErrorBody,
  formatFieldErrors,
  indexPath,
  keyPath,
} from './field-error.ts'

describe('messages', () => {
  test.each<[FieldError, string]>([
    [fieldError.notFound('spec.ref', 'x'), 'spec.ref: Not found: "x"'],
    [fieldError.required('spec.ref'), 'spec.ref: Required value'],
    [fieldError.required('spec.ref', 'must not be empty'), 'spec.ref: Required value: must not be empty'],
    [fieldError.duplicate('spec.items[1]', 'x'), 'spec.items[1]: Duplicate value: "x"'],
    [fieldError.invalid('spec.n', -1, 'must be positive'), 'spec.n: Invalid value: -1: must be positive'],
    [
      fieldError.typeInvalid('spec.n', 'x', 'must be an integer'),
      'spec.n: Invalid value: "x": must be an integer',
    ],
    [
      fieldError.notSupported('spec.color', 'x', ['red', 'blue']),
      'spec.color: Unsupported value: "x": supported values: "red", "blue"',
    ],
    [fieldError.notSupported('spec.color', 'x', []), 'spec.color: Unsupported value: "x"'],
    [fieldError.forbidden('spec.n', 'not now'), 'spec.n: Forbidden: not now'],
    [fieldError.tooLong('spec.s', 'long', 1), 'spec.s: Too long: may not be more than 1 byte'],
    [fieldError.tooLong('spec.s', 'long', 2), 'spec.s: Too long: may not be more than 2 bytes'],
    [fieldError.tooLong('spec.s', 'long', -1), 'spec.s: Too long: value is too long'],
    [fieldError.tooLongCharacters('spec.s', 'ö', 1), 'spec.s: Too long: may not be more than 1 character'],
    [fieldError.tooShort('spec.s', 'a', 2), 'spec.s: Too short: must be at least 2 characters'],
    [fieldError.tooShort('spec.s', 'a', -1), 'spec.s: Too short: value is too short'],
    [fieldError.tooMany('spec.l', 5, 1), 'spec.l: Too many: 5: must have at most 1 item'],
    [fieldError.tooMany('spec.l', -1, 4), 'spec.l: Too many: must have at most 4 items'],
    [fieldError.tooMany('spec.l', 5, -1), 'spec.l: Too many: 5: has too many items'],
    [fieldError.tooFew('spec.l', 0, 1), 'spec.l: Too few: 0: must have at least 1 item'],
    [fieldError.tooFew('spec.l', 0, -1), 'spec.l: Too few: 0: has too few items'],
    [fieldError.internal('spec', new Error('broken')), 'spec: Internal error: broken'],
  ])('%o', (error, message) => {
    expect(formatFieldError(error)).toBe(message)
  })
})

describe('values in messages', () => {
  const bodyOf = (value: unknown) => formatFieldErrorBody(fieldError.invalid('f', value, ''))

  test.each<[unknown, string]>([
    ['a "b"\n', 'Invalid value: "a \\"b\\"\\n"'],
    [true, 'Invalid value: true'],
    [12345678, 'Invalid value: 12345678'],
    [1.5, 'Invalid value: 1.5'],
    [123456.5, 'Invalid value: 123456.5'],
    [1234567.5, 'Invalid value: 1.2345675e+06'],
    [0.00001, 'Invalid value: 1e-05'],
    [0.0001, 'Invalid value: 0.0001'],
    [2 ** 64, 'Invalid value: 1.8446744073709552e+19'],
    [10n ** 20n, 'Invalid value: 100000000000000000000'],
    [null, 'Invalid value: null'],
    [undefined, 'Invalid value: null'],
    [[1, 'a', null], 'Invalid value: [1,"a",null]'],
    [{ b: 1, a: { d: [], c: 'x' } }, 'Invalid value: {"a":{"c":"x","d":[]},"b":1}'],
    [{ a: '<&>' }, 'Invalid value: {"a":"\\u003c\\u0026\\u003e"}'],
    [
      new Map([
        ['kind', 'K'],
        ['apiVersion', 'v1'],
      ]),
      'Invalid value: {"kind":"K","apiVersion":"v1"}',
    ],
  ])('%o', (value, body) => {
    expect(bodyOf(value)).toBe(body)
  })
})

test('several errors are one text, equal ones once', () => {
  const a = fieldError.required('a')
  const b = fieldError.required('b')
  expect(formatFieldErrors([])).toBe('')
  expect(formatFieldErrors([a, a])).toBe('a: Required value')
  expect(formatFieldErrors([a, b, a])).toBe('[a: Required value, b: Required value]')
})

test('the cause of a field error carries type, message and field', () => {
  expect(causeOfFieldError(fieldError.required('a', 'please'))).toEqual({
    reason: 'FieldValueRequired',
    message: 'Required value: please',
    field: 'a',
  })
})

test('paths print as field.Path does', () => {
  expect(keyPath(indexPath(childPath(childPath('', 'spec'), 'items'), 0), 'example.com/a')).toBe(
    'spec.items[0][example.com/a]',
  )
})
