import { type FieldError, fieldError, isConfigMapKey, keyPath, newBadRequest } from '@k1s/apimachinery'

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

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Where standard base64 with padding goes wrong, as Go's decoder counts; undefined if it does not. */
function base64ProblemAt(text: string): number | undefined {
  const compact = text.replace(/[\r\n]/g, '')
  if (base64.test(compact)) return undefined
  const wrong = compact.search(/[^A-Za-z0-9+/]/)
  return wrong < 0 ? compact.length - (compact.length % 4) : wrong
}

/** BadRequest as of Go's JSON decoder, which is where the API server finds bad base64. */
export function checkBase64(kind: string, text: string): void {
  const at = base64ProblemAt(text)
  if (at === undefined) return
  throw newBadRequest(
    `${kind} in version "v1" cannot be handled as a ${kind}: illegal base64 data at input byte ${at}`,
  )
}

/** How many bytes a base64 text stands for. */
export function base64Bytes(text: string): number {
  return Buffer.byteLength(text, 'base64')
}
