import type { Unstructured } from '@k1s/apimachinery'
import { customResourceDefinition } from '../builtin/types/custom-resource-definition.ts'
import { decodeError, dropUnknownFields } from '../schema/go-type.ts'
import type { CustomResourceDefinition } from './custom-resource-definition.ts'

/** What became of an object that should be a definition; `error` says which value has a wrong type. */
export type DecodedDefinition =
  | { readonly crd: CustomResourceDefinition; readonly unknown: readonly string[] }
  | { readonly error: string }

/**
 * Reads an object as a CustomResourceDefinition. Removes unknown fields, in place; `unknown` has their paths (for
 * `unknown field "spec.foo"`). An error is in the words of Go's JSON decoder; Kubernetes answers it with 400 Bad
 * Request.
 */
export function decodeCustomResourceDefinition(object: Unstructured): DecodedDefinition {
  const error = decodeError(object, customResourceDefinition)
  if (error !== undefined) return { error }
  const unknown = dropUnknownFields(object, customResourceDefinition, '')
  return { crd: object as unknown as CustomResourceDefinition, unknown }
}
