/**
 * `StatusError` with a constructor and a predicate for each reason of metav1. Codes, reasons, details and
 * messages follow `k8s.io/apimachinery/pkg/api/errors/errors.go`.
 */
import { causeOfFieldError, type FieldError, formatFieldError } from './field-error.ts'
import { formatGroupKind, formatGroupResource, type GroupKind, type GroupResource } from './group-version.ts'
import type { Status, StatusCause, StatusReason } from './meta.ts'

const brand = Symbol.for('k1s.dev/StatusError')

/** An error that carries a `metav1.Status`. Recognise it with {@link isStatusError}, not `instanceof`. */
export class StatusError extends Error {
  readonly status: Status
  readonly [brand] = true

  constructor(status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'> & Partial<Status>) {
    super(status.message)
    this.name = 'StatusError'
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status }
  }

  get reason(): StatusReason {
    return this.status.reason ?? ''
  }

  /** The HTTP status code. */
  get code(): number {
    return this.status.code ?? 500
  }
}

/** True for a StatusError of this copy of the package or of another one in the same process. */
export function isStatusError(error: unknown): error is StatusError {
  return typeof error === 'object' && error !== null && brand in error
}

/** The reason of a StatusError; the empty (unknown) reason for any other value. */
export function reasonForError(error: unknown): StatusReason {
  return isStatusError(error) ? error.reason : ''
}

function details({ group, resource }: GroupResource, name: string) {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), kind: resource }
}

export function newNotFound(resource: GroupResource, name: string): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    details: details(resource, name),
    message: `${formatGroupResource(resource)} ${JSON.stringify(name)} not found`,
  })
}

export function newAlreadyExists(resource: GroupResource, name: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    details: details(resource, name),
    message: `${formatGroupResource(resource)} ${JSON.stringify(name)} already exists`,
  })
}

export function newGenerateNameConflict(
  resource: GroupResource,
  name: string,
  retryAfterSeconds: number,
): StatusError {
  return new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    details: { ...details(resource, name), retryAfterSeconds },
    message: `${formatGroupResource(resource)} ${JSON.stringify(name)} already exists, the server was not able to generate a unique name for the object`,
  })
}

export function newUnauthorized(message = 'not authorized'): StatusError {
  return new StatusError({ code: 401, reason: 'Unauthorized', message })
}

export function newForbidden(resource: GroupResource, name: string, why: string): StatusError {
  const subject =
    resource.resource === '' && resource.group === ''
      ? 'forbidden'
      : name === ''
        ? `${formatGroupResource(resource)} is forbidden`
        : `${formatGroupResource(resource)} ${JSON.stringify(name)} is forbidden`
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    details: details(resource, name),
    message: `${subject}: ${why}`,
  })
}

export function newConflict(resource: GroupResource, name: string, why: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'Conflict',
    details: details(resource, name),
    message: `Operation cannot be fulfilled on ${formatGroupResource(resource)} ${JSON.stringify(name)}: ${why}`,
  })
}

export function newApplyConflict(causes: StatusCause[], message: string): StatusError {
  return new StatusError({ code: 409, reason: 'Conflict', details: { causes }, message })
}

/** The detail of a conflict when an optimistic update lost, as `registry.OptimisticLockErrorMsg`. */
export const optimisticLockMessage =
  'the object has been modified; please apply your changes to the latest version and try again'

export function newGone(message: string): StatusError {
  return new StatusError({ code: 410, reason: 'Gone', message })
}

export function newResourceExpired(message: string): StatusError {
  return new StatusError({ code: 410, reason: 'Expired', message })
}

export function newInvalid(kind: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const subject = `${formatGroupKind(kind)} ${JSON.stringify(name)} is invalid`
  const texts = [...new Set(errors.map(formatFieldError))]
  const list = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    details: {
      ...(name !== '' && { name }),
      ...(kind.group !== '' && { group: kind.group }),
      kind: kind.kind,
      causes: errors.map(causeOfFieldError),
    },
    message: errors.length === 0 ? subject : `${subject}: ${list}`,
  })
}

export function newBadRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message })
}

export function newTooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } })
}

export function newServiceUnavailable(message: string): StatusError {
  return new StatusError({ code: 503, reason: 'ServiceUnavailable', message })
}

export function newMethodNotSupported(resource: GroupResource, action: string): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    details: details(resource, ''),
    message: `${action} is not supported on resources of kind ${JSON.stringify(formatGroupResource(resource))}`,
  })
}

export function newServerTimeout(
  resource: GroupResource,
  operation: string,
  retryAfterSeconds: number,
): StatusError {
  return new StatusError({
    code: 500,
    reason: 'ServerTimeout',
    details: { ...details(resource, operation), retryAfterSeconds },
    message: `The ${operation} operation against ${formatGroupResource(resource)} could not be completed at this time, please try again.`,
  })
}

export function newInternalError(error: unknown): StatusError {
  const message = error instanceof Error ? error.message : String(error)
  const status = new StatusError({
    code: 500,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    message: `Internal error occurred: ${message}`,
  })
  if (error instanceof Error) status.cause = error
  return status
}

export function newTimeoutError(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError({
    code: 504,
    reason: 'Timeout',
    details: { retryAfterSeconds },
    message: `Timeout: ${message}`,
  })
}

export function newRequestEntityTooLarge(message: string): StatusError {
  return new StatusError({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: ${message}`,
  })
}

export function newUnsupportedMediaType(message: string): StatusError {
  return new StatusError({ code: 415, reason: 'UnsupportedMediaType', message })
}

export function newNotAcceptable(message: string): StatusError {
  return new StatusError({ code: 406, reason: 'NotAcceptable', message })
}

export function newStoreReadError(message: string): StatusError {
  return new StatusError({ code: 500, reason: 'StoreReadError', message })
}

/** 501: the request is well formed and Kubernetes would serve it, k1s does not. metav1 has no reason for it. */
export function newNotImplemented(message: string): StatusError {
  return new StatusError({ code: 501, reason: '', message })
}

const hasReason =
  (...reasons: StatusReason[]) =>
  (error: unknown): error is StatusError =>
    isStatusError(error) && reasons.includes(error.reason)

export const isNotFound = hasReason('NotFound')
export const isAlreadyExists = hasReason('AlreadyExists')
export const isConflict = hasReason('Conflict')
export const isInvalid = hasReason('Invalid')
export const isGone = hasReason('Gone')
export const isResourceExpired = hasReason('Expired')
export const isUnauthorized = hasReason('Unauthorized')
export const isForbidden = hasReason('Forbidden')
export const isBadRequest = hasReason('BadRequest')
export const isMethodNotSupported = hasReason('MethodNotAllowed')
export const isTimeout = hasReason('Timeout')
export const isServerTimeout = hasReason('ServerTimeout')
export const isTooManyRequests = hasReason('TooManyRequests')
export const isServiceUnavailable = hasReason('ServiceUnavailable')
export const isInternalError = hasReason('InternalError')
export const isRequestEntityTooLarge = hasReason('RequestEntityTooLarge')
export const isUnsupportedMediaType = hasReason('UnsupportedMediaType')
export const isNotAcceptable = hasReason('NotAcceptable')
export const isStoreReadError = hasReason('StoreReadError')
