import {
  fieldError,
  formatGoValue,
  isJsonObject,
  jsonTypeName,
  newBadRequest,
  newInvalid,
  StatusError,
  type Unstructured,
} from '@k1s/apimachinery'
import { conversionError } from '../schema/conversion-error.ts'
import type { GoStruct } from '../schema/go-type.ts'
import { rejectedPatch } from './rejected-patch.ts'

/** Applies strategic merge patches to objects of a type, `smpPatcher` of the patch handler of an API server. */
export async function strategicPatcher(
  loading: GoStruct | Promise<GoStruct>,
  body: unknown,
): Promise<(current: Unstructured) => unknown> {
  if (!isJsonObject(body)) throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(body)} into ${goType}`)
  const [{ applyStrategicMergePatch, StrategicMergeError }, { patchSchemaOf }, struct] = await Promise.all([
    import('@k1s/apimachinery/strategic-merge'),
    import('../schema/patch-schema.ts'),
    loading,
  ])
  const schema = patchSchemaOf(struct)
  return (current) => {
    try {
      const patched = applyStrategicMergePatch(current, body, schema)
      const error = conversionError(patched, struct)
      if (error === undefined) return patched
      throw newInvalid({ group: '', kind: '' }, '', [fieldError.invalid('patch', formatGoValue(body), error)])
    } catch (error) {
      throw error instanceof StrategicMergeError ? statusOf(error.code, error.message) : error
    }
  }
}

const goType = 'Go value of type map[string]interface {}'

/** `interpretStrategicMergePatchError`: what it does not know has no reason. */
function statusOf(code: 400 | 422 | 500, message: string): StatusError {
  if (code === 400) return newBadRequest(message)
  return code === 422 ? rejectedPatch(message) : new StatusError({ code, reason: '', message })
}
