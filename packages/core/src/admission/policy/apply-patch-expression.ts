import { applyJsonPatch, JsonPatchError, type JsonPatchOperation, type Unstructured } from '@k1s/apimachinery'
import type { CelValue } from '../../cel/cel-value.ts'
import { isList } from '../../cel/value-type.ts'
import { MutationError } from './mutation-error.ts'
import { PatchObject } from './patch-types.ts'
import { checkTypeNames, jsonOfValue } from './patch-value.ts'

/**
 * The object with the JSON patch that an expression evaluated to; as it was if a `test` of the patch fails.
 *
 * Follows `k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch/json_patch.go`.
 */
export function applyPatchExpression(object: Unstructured, value: CelValue): Unstructured {
  const operations = operationsOf(value)
  try {
    return applyJsonPatch(object, operations) as Unstructured
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error
    if (error.message.endsWith('test failed')) return object
    throw new MutationError(`JSON Patch: ${error.message}`)
  }
}

function operationsOf(value: CelValue): JsonPatchOperation[] {
  if (!isList(value)) throw new MutationError(notPatches)
  return Array.from({ length: value.size }, (_, index) => operationOf(value.at(index)))
}

const notPatches = 'type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch'

function operationOf(value: CelValue): JsonPatchOperation {
  if (!(value instanceof PatchObject)) {
    throw new MutationError(notPatches)
  }
  const { fields } = value
  const made = fields.get('value')
  if (made !== undefined) checkTypeNames(made)
  const from = fields.get('from')
  return {
    op: fields.get('op') ?? '',
    path: fields.get('path') ?? '',
    ...(from !== undefined && from !== '' && { from }),
    ...(made !== undefined && { value: jsonOfValue(made) }),
  } as JsonPatchOperation
}
