import { type KubernetesObject, newInternalError } from '@k1s/apimachinery'
import { jsonTextOf, revisionOf } from './layout.ts'

/** The object of a state record. InternalError if it is damaged. */
export function decodeState<T extends KubernetesObject>(key: string, state: Buffer): T {
  return decodeObject(key, jsonTextOf(state), String(revisionOf(state)))
}

export function decodeObject<T extends KubernetesObject>(
  key: string,
  json: string,
  resourceVersion: string,
): T {
  let object: T
  try {
    object = JSON.parse(json)
  } catch (error) {
    throw newInternalError(new Error(`the object at ${key} is damaged: ${String(error)}`, { cause: error }))
  }
  object.metadata.resourceVersion = resourceVersion
  return object
}
