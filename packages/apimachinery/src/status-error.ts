/**
 * `StatusError` with a constructor and a predicate for each reason of metav1. Codes, reasons, details and
 * messages follow `k8s.io/apimachinery/pkg/api/errors/errors.go`.
 */
import { causeOfFieldError, type FieldError, formatFieldErrors } from './field-error.ts'
import { formatGroupKind, formatGroupResource, type GroupKind, type GroupResource } from './group-version.ts'
import type { Status, StatusCause, StatusDetails, StatusReason } from './meta.ts'
import { quote } from './quote.ts'

const brand = Symbol.for('k1s.dev/StatusError')

/** An error that carries a `metav1.Status`. Recognise it with {@link isStatusError}, not `instanceof`. */
export class StatusError extends Error {
  readonly status: Status
  readonly [brand] = true

  constructor(status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'> & Partial<Status>) {
    super(status.message)
    this.name = 'StatusError'
    this.status = inOrder(status)
  }

  get reason(): StatusReason {
    return this.status.reason ?? ''
  }

  /** The HTTP status code. */
  get code(): number {
    return this.status.code ?? 500
  }
}

/** With the fields in the order of `metav1.Status`, in which Kubernetes writes them; a reason that says nothing is left out. */
function inOrder({
  kind = 'Status',
  apiVersion = 'v1',
  metadata = {},
  status = 'Failure',
  message,
  reason,
  details,
  code,
  ...others
}: Partial<Status>): Status {
  return {
    kind,
    apiVersion,
    metadata,
    status,
    ...(message !== undefined && { message }),
    ...(reason && { reason }),
    ...(details !== undefined && { details }),
    ...(code !== undefined && { code }),
    ...others,
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

/** Empty fields are left out, as `omitempty` does. */
function details({ group, resource }: GroupResource, name: string, retryAfterSeconds = 0): StatusDetails {
  return {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(resource !== '' && { kind: resource }),
    ...retryAfter(retryAfterSeconds),
  }
}

function retryAfter(retryAfterSeconds: number): StatusDetails {
  return retryAfterSeconds === 0 ? {} : { retryAfterSeconds }
}

export function newNotFound(resource: GroupResource, name: string): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    details: details(resource, name),
    message: `${formatGroupResource(resource)} ${quote(name)} not found`,
  })
}

export function newAlreadyExists(resource: GroupResource, name: string): StatusError {
  return new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    details: details(resource, name),
    message: `${formatGroupResource(resource)} ${quote(name)} already exists`,
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
    details: details(resource, name, retryAfterSeconds),
    message: `${formatGroupResource(resource)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`,
  })
}

/** An empty message becomes `not authorized`. */
export function newUnauthorized(message = ''): StatusError {
  return new StatusError({
    code: 401,
    reason: 'Unauthorized',
    message: message === '' ? 'not authorized' : message,
  })
}

export function newForbidden(resource: GroupResource, name: string, why: string): StatusError {
  const subject =
    resource.resource === '' && resource.group === ''
      ? 'forbidden'
      : name === ''
        ? `${formatGroupResource(resource)} is forbidden`
        : `${formatGroupResource(resource)} ${quote(name)} is forbidden`
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
    message: `Operation cannot be fulfilled on ${formatGroupResource(resource)} ${quote(name)}: ${why}`,
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

/** As many errors as anybody reads: a body of 3 MiB can have a million, of which the answer would be a hundred times as long. */
const maxFieldErrors = 10_000

/** Tells of the first 10,000 errors. */
export function newInvalid(kind: GroupKind, name: string, all: readonly FieldError[]): StatusError {
  const subject = `${formatGroupKind(kind)} ${quote(name)} is invalid`
  const errors = all.length > maxFieldErrors ? all.slice(0, maxFieldErrors) : all
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    details: {
      ...details({ group: kind.group, resource: kind.kind }, name),
      ...(errors.length > 0 && { causes: errors.map(causeOfFieldError) }),
    },
    message: errors.length === 0 ? subject : `${subject}: ${formatFieldErrors(errors)}`,
  })
}

export function newBadRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: 'BadRequest', message })
}

export function newTooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError({
    code: 429,
    reason: 'TooManyRequests',
    message,
    details: retryAfter(retryAfterSeconds),
  })
}

export function newServiceUnavailable(message: string): StatusError {
  return new StatusError({ code: 503, reason: 'ServiceUnavailable', message })
}

export function newMethodNotSupported(resource: GroupResource, action: string): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    details: details(resource, ''),
    message: `${action} is not supported on resources of kind ${quote(formatGroupResource(resource))}`,
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
    details: details(resource, operation, retryAfterSeconds),
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
    details: retryAfter(retryAfterSeconds),
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
  (reason: StatusReason) =>
  (error: unknown): error is StatusError =>
    isStatusError(error) && error.reason === reason

/** A reason that metav1 does not define says nothing; the HTTP code then decides. */
const hasReasonOrCode =
  (reason: StatusReason, code: number) =>
  (error: unknown): error is StatusError =>
    isStatusError(error) &&
    (error.reason === reason || (error.code === code && !knownReasons.has(error.reason)))

/** True for the code under whatever reason, as in Kubernetes for the codes that proxies answer by themselves. */
const hasReasonOrAlwaysCode =
  (reason: StatusReason, code: number) =>
  (error: unknown): error is StatusError =>
    isStatusError(error) && (error.reason === reason || error.code === code)

const knownReasons: ReadonlySet<StatusReason> = new Set<StatusReason>([
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'AlreadyExists',
  'Conflict',
  'Gone',
  'Invalid',
  'ServerTimeout',
  'StoreReadError',
  'Timeout',
  'TooManyRequests',
  'BadRequest',
  'MethodNotAllowed',
  'NotAcceptable',
  'RequestEntityTooLarge',
  'UnsupportedMediaType',
  'InternalError',
  'Expired',
  'ServiceUnavailable',
])

export const isNotFound = hasReasonOrCode('NotFound', 404)
export const isAlreadyExists = hasReason('AlreadyExists')
export const isConflict = hasReasonOrCode('Conflict', 409)
export const isInvalid = hasReasonOrCode('Invalid', 422)
export const isGone = hasReasonOrCode('Gone', 410)
export const isResourceExpired = hasReason('Expired')
export const isUnauthorized = hasReasonOrCode('Unauthorized', 401)
export const isForbidden = hasReasonOrCode('Forbidden', 403)
export const isBadRequest = hasReasonOrCode('BadRequest', 400)
export const isMethodNotSupported = hasReasonOrCode('MethodNotAllowed', 405)
export const isTimeout = hasReasonOrCode('Timeout', 504)
export const isServerTimeout = hasReason('ServerTimeout')
export const isTooManyRequests = hasReasonOrAlwaysCode('TooManyRequests', 429)
export const isServiceUnavailable = hasReasonOrCode('ServiceUnavailable', 503)
export const isInternalError = hasReasonOrCode('InternalError', 500)
export const isRequestEntityTooLarge = hasReasonOrAlwaysCode('RequestEntityTooLarge', 413)
export const isUnsupportedMediaType = hasReasonOrCode('UnsupportedMediaType', 415)
export const isNotAcceptable = hasReasonOrCode('NotAcceptable', 406)
export const isStoreReadError = hasReason('StoreReadError')

/** The cause of this type in a StatusError's details, such as `FieldManagerConflict`. */
export function statusCause(error: unknown, type: string): StatusCause | undefined {
  return isStatusError(error)
    ? error.status.details?.causes?.find(({ reason }) => reason === type)
    : undefined
}

/** How many seconds the server asks the client to wait, or undefined if it does not. */
export function suggestedClientDelay(error: unknown): number | undefined {
  if (!isStatusError(error) || error.status.details === undefined) return undefined
  const seconds = error.status.details.retryAfterSeconds ?? 0
  return seconds > 0 || error.reason === 'ServerTimeout' ? seconds : undefined
}
