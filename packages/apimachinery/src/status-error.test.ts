import { describe, expect, test } from 'vitest'
import { fieldError } from './field-error.ts'
import * as errors from './status-error.ts'

const pods = { group: '', resource: 'pods' }
const deployments = { group: 'apps', resource: 'deployments' }

const optimisticLock = errors.optimisticLockMessage

test.each<[errors.StatusError, number, string, string]>([
  [errors.newNotFound(pods, 'x'), 404, 'NotFound', 'pods "x" not found'],
  [errors.newAlreadyExists(deployments, 'x'), 409, 'AlreadyExists', 'deployments.apps "x" already exists'],
  [
    errors.newGenerateNameConflict(pods, 'x', 1),
    409,
    'AlreadyExists',
    'pods "x" already exists, the server was not able to generate a unique name for the object',
  ],
  [errors.newUnauthorized(), 401, 'Unauthorized', 'not authorized'],
  [errors.newForbidden(pods, 'x', 'no'), 403, 'Forbidden', 'pods "x" is forbidden: no'],
  [errors.newForbidden(pods, '', 'no'), 403, 'Forbidden', 'pods is forbidden: no'],
  [errors.newForbidden({ group: '', resource: '' }, '', 'no'), 403, 'Forbidden', 'forbidden: no'],
  [
    errors.newConflict(pods, 'x', optimisticLock),
    409,
    'Conflict',
    'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
  ],
  [errors.newGone('gone'), 410, 'Gone', 'gone'],
  [errors.newResourceExpired('too old'), 410, 'Expired', 'too old'],
  [errors.newInvalid({ group: 'apps', kind: 'D' }, 'x', []), 422, 'Invalid', 'D.apps "x" is invalid'],
  [errors.newBadRequest('bad'), 400, 'BadRequest', 'bad'],
  [errors.newTooManyRequests('slow', 3), 429, 'TooManyRequests', 'slow'],
  [errors.newServiceUnavailable('off'), 503, 'ServiceUnavailable', 'off'],
  [
    errors.newMethodNotSupported(deployments, 'watch'),
    405,
    'MethodNotAllowed',
    'watch is not supported on resources of kind "deployments.apps"',
  ],
  [
    errors.newServerTimeout(pods, 'list', 2),
    500,
    'ServerTimeout',
    'The list operation against pods could not be completed at this time, please try again.',
  ],
  [errors.newInternalError(new Error('broken')), 500, 'InternalError', 'Internal error occurred: broken'],
  [errors.newTimeoutError('late', 0), 504, 'Timeout', 'Timeout: late'],
  [
    errors.newRequestEntityTooLarge('limit is 1'),
    413,
    'RequestEntityTooLarge',
    'Request entity too large: limit is 1',
  ],
  [errors.newUnsupportedMediaType('type'), 415, 'UnsupportedMediaType', 'type'],
  [errors.newNotAcceptable('type'), 406, 'NotAcceptable', 'type'],
  [errors.newStoreReadError('unreadable'), 500, 'StoreReadError', 'unreadable'],
])('%s', (error, code, reason, message) => {
  expect(error.status).toMatchObject({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message,
  })
  expect(error.message).toBe(message)
  expect(errors.reasonForError(error)).toBe(reason)
})

test('a Status has its fields in the order in which Kubernetes writes them', () => {
  const { status } = errors.newInvalid({ group: 'apps', kind: 'Deployment' }, 'x', [fieldError.required('a')])
  expect(JSON.stringify(status)).toBe(
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",' +
      '"message":"Deployment.apps \\"x\\" is invalid: a: Required value","reason":"Invalid",' +
      '"details":{"name":"x","group":"apps","kind":"Deployment",' +
      '"causes":[{"reason":"FieldValueRequired","message":"Required value","field":"a"}]},"code":422}',
  )
  expect(JSON.stringify(errors.newNotImplemented('not here').status)).toBe(
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"not here","code":501}',
  )
})

describe('details', () => {
  test('name the object, without empty fields', () => {
    expect(errors.newNotFound(deployments, 'x').status.details).toEqual({
      name: 'x',
      group: 'apps',
      kind: 'deployments',
    })
    expect(errors.newForbidden({ group: '', resource: '' }, '', 'no').status.details).toEqual({})
    expect(errors.newTimeoutError('late', 0).status.details).toEqual({})
    expect(errors.newServerTimeout(pods, 'list', 2).status.details).toEqual({
      name: 'list',
      kind: 'pods',
      retryAfterSeconds: 2,
    })
  })

  test('of an invalid object list every field error, while the message lists equal ones once', () => {
    const missing = fieldError.required('spec.a')
    const error = errors.newInvalid({ group: '', kind: 'Pod' }, 'x', [
      missing,
      missing,
      fieldError.forbidden('b', 'no'),
    ])
    expect(error.message).toBe('Pod "x" is invalid: [spec.a: Required value, b: Forbidden: no]')
    expect(error.status.details?.causes).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' },
      { reason: 'FieldValueForbidden', message: 'Forbidden: no', field: 'b' },
    ])
  })

  test('of one field error stand without brackets', () => {
    expect(errors.newInvalid({ group: '', kind: 'Pod' }, 'x', [fieldError.required('spec.a')]).message).toBe(
      'Pod "x" is invalid: spec.a: Required value',
    )
  })

  test('carry the causes of an apply conflict', () => {
    const cause = { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec' }
    const error = errors.newApplyConflict([cause], 'Apply failed')
    expect(errors.statusCause(error, 'FieldManagerConflict')).toEqual(cause)
    expect(errors.statusCause(error, 'other')).toBeUndefined()
  })
})

test('names are quoted as Go quotes them', () => {
  expect(errors.newNotFound(pods, 'a"\x00').message).toBe('pods "a\\"\\x00" not found')
})

describe('predicates', () => {
  test('tell errors apart by their reason', () => {
    expect(errors.isNotFound(errors.newNotFound(pods, 'x'))).toBe(true)
    expect(errors.isNotFound(errors.newGone('x'))).toBe(false)
    expect(errors.isAlreadyExists(errors.newAlreadyExists(pods, 'x'))).toBe(true)
    expect(errors.isConflict(errors.newAlreadyExists(pods, 'x'))).toBe(false)
    expect(errors.isGone(errors.newResourceExpired('x'))).toBe(false)
    expect(errors.isInternalError(errors.newServerTimeout(pods, 'x', 1))).toBe(false)
  })

  test('go by the code when the reason is unknown', () => {
    expect(errors.isNotFound(new errors.StatusError({ code: 404, reason: '' }))).toBe(true)
    expect(errors.isConflict(new errors.StatusError({ code: 409 }))).toBe(true)
    expect(errors.isAlreadyExists(new errors.StatusError({ code: 409 }))).toBe(false)
    expect(errors.isTooManyRequests(new errors.StatusError({ code: 429, reason: 'Forbidden' }))).toBe(true)
    expect(errors.isInternalError(errors.newNotImplemented('not served'))).toBe(false)
  })

  test('are false for anything but a StatusError', () => {
    for (const value of [
      undefined,
      null,
      'NotFound',
      new Error('NotFound'),
      { status: { reason: 'NotFound' } },
    ]) {
      expect(errors.isNotFound(value)).toBe(false)
      expect(errors.reasonForError(value)).toBe('')
    }
  })
})

test('an error says how long to wait', () => {
  expect(errors.suggestedClientDelay(errors.newTooManyRequests('slow', 3))).toBe(3)
  expect(errors.suggestedClientDelay(errors.newServerTimeout(pods, 'list', 0))).toBe(0)
  expect(errors.suggestedClientDelay(errors.newTooManyRequests('slow', 0))).toBeUndefined()
  expect(errors.suggestedClientDelay(new Error('no status'))).toBeUndefined()
})

test('an internal error keeps what caused it', () => {
  const cause = new Error('broken')
  expect(errors.newInternalError(cause).cause).toBe(cause)
})
