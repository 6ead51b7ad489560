import { isJsonObject, type JsonObject, type Unstructured } from '@k1s/apimachinery'
import { MergeError, type MergeType, mergeValues, validateValue } from '@k1s/apimachinery/managed-fields'
import type { CelValue } from '../../cel/cel-value.ts'
import { mergeTypeOf } from '../../registry-store/field-management.ts'
import type { MatchedResource } from '../equivalent-resources.ts'
import { MutationError } from './mutation-error.ts'
import { PatchObject } from './patch-types.ts'
import { checkTypeNames, jsonOfValue } from './patch-value.ts'

/**
 * The object with the fields that an expression evaluated to, merged as server-side apply does, but owned by nobody.
 *
 * Follows `k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch/smd.go`.
 */
export async function applyConfiguration(
  object: Unstructured,
  value: CelValue,
  matched: MatchedResource,
): Promise<Unstructured> {
  if (!(value instanceof PatchObject)) {
    throw new MutationError('unsupported return type from ApplyConfiguration expression')
  }
  checkTypeNames(value)
  const { apiVersion, kind } = object
  const patch = { ...patchOf(value), apiVersion, kind }
  const type = await typeOf(matched)
  inWords('failed to convert patch object to typed object', () => validateValue(patch, type))
  const atomics = findAtomics(patch, type, '')
  if (atomics.length > 0) {
    throw new MutationError(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`,
    )
  }
  return inWords('failed to merge patch', () => mergeValues(object, patch, type)) as Unstructured
}

function patchOf(value: PatchObject): JsonObject {
  try {
    return jsonOfValue(value) as JsonObject
  } catch (error) {
    // Kubernetes says no more than this, of the Go type.
    if (error instanceof MutationError) throw new MutationError('invalid return type: *dynamic.ObjectVal')
    throw error
  }
}

async function typeOf({ kind, versionDefinition }: MatchedResource): Promise<MergeType> {
  if (kind.kind !== 'Scale') return mergeTypeOf(versionDefinition)
  const { scale } = await import('../../builtin/types/scale.ts')
  const { mergeTypeOfStruct } = await import('../../schema/merge-type-of-struct.ts')
  return mergeTypeOfStruct(scale)
}

function inWords<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof MergeError)) throw error
    throw new MutationError(`error applying patch: ${what}: ${error.message}`)
  }
}

/**
 * The paths of lists, maps and structs that are owned as a whole. Setting one would drop what the patch does not name.
 * What is inside elements of a map is not looked at.
 */
function findAtomics(value: unknown, type: MergeType, path: string): string[] {
  if (Array.isArray(value)) {
    const own =
      type.kind === 'untyped' || (type.kind === 'list' && type.relationship === 'atomic') ? [path] : []
    if (type.kind !== 'list') return own
    return [...own, ...value.flatMap((item, index) => findAtomics(item, type.element, `${path}[${index}]`))]
  }
  if (!isJsonObject(value)) return []
  const isAtomic =
    (type.kind === 'untyped' && type.atomic === true) ||
    (type.kind === 'map' && type.relationship === 'atomic')
  const own = isAtomic ? [path] : []
  if (type.kind !== 'map') return own
  const fields = Object.keys(value).filter((name) => type.declares(name))
  return [...own, ...fields.flatMap((name) => findAtomics(value[name], type.field(name)!, `${path}.${name}`))]
}
