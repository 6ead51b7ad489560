import { isJsonObject } from '@k1s/apimachinery'
import { objectMeta } from '../builtin/types/object-meta.ts'
import { decodeError, dropUnknownFields } from './go-type.ts'

/**
 * Removes what `metadata` cannot hold, in place: unknown fields, whose paths (with `path` in front) are returned,
 * and fields that are null or empty. Metadata with a value of a wrong type stays as it is:
 * {@link objectMetaError} tells.
 *
 * The effect is that of decoding metadata and writing it back, as `GetObjectMeta` and `SetObjectMeta` of
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta` do.
 */
export function coerceObjectMeta(metadata: unknown, path: string): string[] {
  return objectMetaError(metadata) === undefined ? coerceValidObjectMeta(metadata, path) : []
}

/** The same for metadata that {@link objectMetaError} has found no error in. */
export function coerceValidObjectMeta(metadata: unknown, path: string): string[] {
  if (!isJsonObject(metadata)) return []
  const unknown = dropUnknownFields(metadata, objectMeta, path)
  for (const name of Object.keys(metadata)) {
    // A grace period of zero is one; it is a pointer in Go.
    if (isEmpty(metadata[name], name === 'deletionGracePeriodSeconds')) delete metadata[name]
  }
  return unknown
}

function isEmpty(value: unknown, keepsZero: boolean): boolean {
  if (value === null || value === '') return true
  if (value === 0) return !keepsZero
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** The first value of a wrong type in `metadata`, in the words of Go's JSON decoder; undefined if it is well formed. */
export function objectMetaError(metadata: unknown): string | undefined {
  return decodeError(metadata, objectMeta)
}
