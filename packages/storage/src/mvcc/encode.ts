import { isDeepStrictEqual } from 'node:util'
import { type KubernetesObject, newBadRequest, newRequestEntityTooLarge } from '@k1s/apimachinery'
import {
  type CreationRecords,
  jsonOf,
  jsonTextOf,
  newCreation,
  newState,
  stateHeaderBytes,
} from './layout.ts'
import { objectText } from './object-text.ts'

/** The most that an object may take, encoded: what etcd accepts by default. */
export const maxObjectBytes = 1.5 * 1024 * 1024

export interface EncodedObject {
  text: string
  /** A record whose header is still to be set. */
  state: Buffer
}

/** The JSON of an object without what the store itself sets. The object is not changed. */
export function encodeObject(object: KubernetesObject): EncodedObject {
  const text = storedText(object)
  const state = newState(text)
  checkSize(state)
  return { text, state }
}

/** The same of an object that is to be created under a key; of one that is `owned` a field changes meanwhile. */
export function encodeCreation(
  key: string,
  object: KubernetesObject,
  owned: boolean,
): EncodedObject & CreationRecords {
  const text = storedText(object, owned)
  const records = newCreation(key, text)
  checkSize(records.state)
  return { text, ...records }
}

function storedText(object: KubernetesObject, owned = false): string {
  const { metadata } = object
  if (typeof metadata !== 'object' || metadata === null) {
    throw newBadRequest('an object to be stored must have metadata')
  }
  const stored =
    metadata.resourceVersion === undefined && metadata.selfLink === undefined
      ? object
      : { ...object, metadata: { ...metadata, resourceVersion: undefined, selfLink: undefined } }
  return objectText(stored, owned)
}

function checkSize(state: Buffer): void {
  if (state.length - stateHeaderBytes > maxObjectBytes) {
    throw newRequestEntityTooLarge(`limit is ${maxObjectBytes}`)
  }
}

/** True if the state record holds the same object, in whatever order its fields are. */
export function holdsObject(state: Buffer, encoded: EncodedObject): boolean {
  // Another order of fields takes the same number of bytes.
  if (state.length !== encoded.state.length) return false
  if (jsonOf(state).equals(jsonOf(encoded.state))) return true
  return isDeepStrictEqual(JSON.parse(jsonTextOf(state)), JSON.parse(encoded.text))
}
