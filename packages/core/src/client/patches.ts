import type { JsonPatchOperation } from '@k1s/apimachinery'
import type { Patch } from '../client.ts'

/** RFC 6902. */
export function jsonPatch(operations: readonly JsonPatchOperation[]): Patch {
  return { type: 'application/json-patch+json', body: operations }
}

/** RFC 7386: fields are set, fields that are null removed, lists replaced. */
export function mergePatch(body: object): Patch {
  return { type: 'application/merge-patch+json', body }
}

/** Kubernetes' merge by patch strategies, for built-in kinds. */
export function strategicMergePatch(body: object): Patch {
  return { type: 'application/strategic-merge-patch+json', body }
}
