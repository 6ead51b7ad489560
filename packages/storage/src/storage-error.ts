/** The errors of `k8s.io/apiserver/pkg/storage` (errors.go, etcd3/errors.go, interfaces.go). */
import {
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
    ...error.status.details,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
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
