import { isDeepStrictEqual } from 'node:util'
import { type KubernetesObject, newBadRequest, newRequestEntityTooLarge } from '@k1s/apimachinery'
import { jsonTextOf, stateHeaderBytes } from './layout.ts'

/** The most that an object may take, encoded: what etcd accepts by default. */
export const maxObjectBytes = 1.5 * 1024 * 1024

export interface EncodedObject {
  text: string
  bytes: Buffer
}

/** The JSON of an object without what the store itself sets. The object is not changed. */
export function encodeObject(object: KubernetesObject): EncodedObject {
  const { metadata } = object
  if (typeof metadata !== 'object' || metadata === null) {
    throw newBadRequest('an object to be stored must have metadata')
  }
  const stored =
    metadata.resourceVersion === undefined && metadata.selfLink === undefined
      ? object
      : { ...object, metadata: { ...metadata, resourceVersion: undefined, selfLink: undefined } }
  const text = JSON.stringify(stored)
  const bytes = Buffer.from(text)
  if (bytes.length > maxObjectBytes) throw newRequestEntityTooLarge(`limit is ${maxObjectBytes}`)
  return { text, bytes }
}

/** True if the state record holds the same object, in whatever order its fields are. */
export function holdsObject(state: Buffer, encoded: EncodedObject): boolean {
  // Another order of fields takes the same number of bytes.
  if (state.length - stateHeaderBytes !== encoded.bytes.length) return false
  if (state.compare(encoded.bytes, 0, encoded.bytes.length, stateHeaderBytes, state.length) === 0) return true
  return isDeepStrictEqual(JSON.parse(jsonTextOf(state)), JSON.parse(encoded.text))
}
