import { type FieldError, fieldError, isConfigMapKey, keyPath } from '@k1s/apimachinery'

/** The size that all data of a ConfigMap or Secret may have together: 1 MiB. */
export const maxDataBytes = 1024 * 1024

/** Errors of the keys of `data` and `binaryData`. */
export function validateDataKeys(data: { [key: string]: unknown } | undefined, path: string): FieldError[] {
  return Object.keys(data ?? {}).flatMap((key) =>
    isConfigMapKey(key).map((message) => fieldError.invalid(keyPath(path, key), key, message)),
  )
}

/** The message of a change to a ConfigMap or Secret that is marked immutable. */
export const immutableMessage = 'field is immutable when `immutable` is set'

/** How many bytes a base64 text stands for. */
export function base64Bytes(text: string): number {
  return Buffer.byteLength(text, 'base64')
}
