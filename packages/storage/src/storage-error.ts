/** The errors of `k8s.io/apiserver/pkg/storage` (errors.go, etcd3/errors.go, interfaces.go). */
import {
  formatGroupResource,
  isStatusError,
  type KubernetesObject,
  newConflict,
  newResourceExpired,
  newTimeoutError,
  type Preconditions,
  type StatusError,
} from '@k1s/apimachinery'
import { groupResourceOf, nameOf } from './storage-key.ts'

/** A Timeout: the asked for revision is not there yet. */
export function newTooLargeResourceVersion(minimum: number, current: number): StatusError {
  const error = newTimeoutError(`Too large resource version: ${minimum}, current: ${current}`, 1)
  error.status.details = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...error.status.details,
  }
  return error
}

export function newListExpired(): StatusError {
  return newResourceExpired('The resourceVersion for the provided list is too old.')
}

/** `freshToken` continues at the newest revision, at the price of an inconsistent list. */
export function newContinueExpired(freshToken: string): StatusError {
  const error = newResourceExpired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
      'without the continue parameter, or use the continue token in this response to retrieve the remainder of ' +
      'the results. Continuing with the provided token results in an inconsistent list - objects that were ' +
      'created, modified, or deleted between the time the first chunk was returned and now may show up in the ' +
      'list.',
  )
  error.status.metadata = { continue: freshToken }
  return error
}

export function newWatchExpired(asked: number, oldest: number): StatusError {
  return newResourceExpired(`too old resource version: ${asked} (${oldest})`)
}

const requirementFailed = Symbol.for('k1s.dev/RequirementFailed')

/** A Conflict: what the write of `key` requires of another object is not so any more. */
export function newRequirementFailed(key: string, requiredKey: string): StatusError {
  const other = `${formatGroupResource(groupResourceOf(requiredKey))} ${JSON.stringify(nameOf(requiredKey))}`
  const error = newConflict(groupResourceOf(key), nameOf(key), `${other} was changed meanwhile`)
  return Object.assign(error, { [requirementFailed]: true })
}

/** True if a `requires` of a write did not hold: look again at what it was about, and decide anew. */
export function isRequirementFailed(error: unknown): boolean {
  return isStatusError(error) && requirementFailed in error
}

/** Conflict unless the object is the one that the preconditions mean. `Preconditions.Check`. */
export function checkPreconditions(
  preconditions: Preconditions | undefined,
  key: string,
  object: KubernetesObject | undefined,
): void {
  if (preconditions === undefined) return
  const { uid, resourceVersion } = preconditions
  const metadata = object?.metadata
  if (uid !== undefined && uid !== metadata?.uid) {
    throw preconditionFailed(key, 'UID', uid, metadata?.uid)
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata?.resourceVersion) {
    throw preconditionFailed(key, 'ResourceVersion', resourceVersion, metadata?.resourceVersion)
  }
}

function preconditionFailed(key: string, what: string, expected: string, actual = ''): StatusError {
  const why = `Precondition failed: ${what} in precondition: ${expected}, ${what} in object meta: ${actual}`
  return newConflict(
    groupResourceOf(key),
    nameOf(key),
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  )
}
