import {
  applyMergePatch,
  canonicalJson,
  createThreeWayMergePatch,
  isJsonObject,
  type JsonObject,
  lastAppliedConfigAnnotation,
  type Unstructured,
} from '@k1s/apimachinery'
import type { RestMapping } from '@k1s/cli-runtime'
import type { Patch } from '@k1s/core'

/** The difference that an apply sends. */
export interface ThreeWayPatch extends Patch {
  readonly body: JsonObject
  /** The object with the patch applied, without a server. */
  readonly applyTo: (current: Unstructured) => Unstructured
}

/**
 * The difference of three: what was applied last, what is asked for, and what is there. Built-in kinds are merged as
 * their types say, others with a JSON merge patch, as Patcher of `k8s.io/kubectl/pkg/cmd/apply` does.
 *
 * Without `overwrite` throws an Error if others changed what the patch of a built-in kind changes.
 */
export async function threeWayPatch(
  mapping: RestMapping,
  current: Unstructured,
  modified: Unstructured,
  overwrite: boolean,
): Promise<ThreeWayPatch> {
  const annotation = current.metadata.annotations?.[lastAppliedConfigAnnotation]
  const { builtinPatchSchema } = await import('@k1s/core')
  const schema = await builtinPatchSchema(mapping)
  try {
    const original = annotation === undefined ? undefined : parseConfiguration(annotation)
    if (schema === undefined) {
      const body = createThreeWayMergePatch(original, modified, current)
      const applyTo = (object: Unstructured) => applyMergePatch(object, body) as Unstructured
      return { type: 'application/merge-patch+json', body, applyTo }
    }
    const strategic = await import('@k1s/apimachinery/strategic-merge')
    const body = strategic.createThreeWayMergePatch(original ?? {}, modified, current, schema, { overwrite })
    const applyTo = (object: Unstructured) =>
      strategic.applyStrategicMergePatch(object, body, schema) as Unstructured
    return { type: 'application/strategic-merge-patch+json', body, applyTo }
  } catch (error) {
    throw new Error(
      `creating patch with:\noriginal:\n${annotation ?? ''}\nmodified:\n${canonicalJson(modified)}\n\ncurrent:\n${canonicalJson(current)}\n\nfor: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

function parseConfiguration(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Reported below, as what is no object.
  }
  if (isJsonObject(value)) return value
  throw new Error('invalid JSON document')
}
