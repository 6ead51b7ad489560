import { isAlreadyExists, isNotFound } from '@k1s/apimachinery'

/** For `catch`: undefined if an object is not there; anything else is thrown again. `client.IgnoreNotFound`. */
export function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error
}

/** For `catch`: undefined if an object is there already; anything else is thrown again. `client.IgnoreAlreadyExists`. */
export function ignoreAlreadyExists(error: unknown): undefined {
  if (!isAlreadyExists(error)) throw error
}
