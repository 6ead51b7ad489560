import type { JsonObject } from '@k1s/apimachinery'
import type { CelValue } from '../../cel/cel-value.ts'
import { CelEvaluationError } from '../../cel/evaluation-error.ts'
import { celToJson } from '../../cel/json-value.ts'
import { isList, isMap } from '../../cel/value-type.ts'
import { MutationError } from './mutation-error.ts'
import { PatchObject } from './patch-types.ts'

/** A value of an expression, with objects in it, as JSON: `convertField` of `k8s.io/apiserver/pkg/cel/mutation/dynamic`. */
export function jsonOfValue(value: CelValue): unknown {
  if (value instanceof PatchObject) return objectOf(Array.from(value.fields))
  if (isList(value)) return Array.from({ length: value.size }, (_, index) => jsonOfValue(value.at(index)))
  if (isMap(value)) return objectOf(value.keys().map((key) => [textKey(key), value.get(key) ?? null]))
  try {
    return celToJson(value)
  } catch (error) {
    if (error instanceof CelEvaluationError) throw new MutationError(error.message)
    throw error
  }
}

function objectOf(entries: readonly (readonly [string, CelValue])[]): JsonObject {
  return Object.fromEntries(entries.map(([name, value]) => [name, jsonOfValue(value)]))
}

function textKey(key: CelValue): string {
  if (typeof key === 'string') return key
  throw new MutationError(`map key is of type ${typeof key}, not string`)
}

/** Objects must be of the type that their place in the whole object has: `CheckTypeNamesMatchFieldPathNames`. */
export function checkTypeNames(value: CelValue): void {
  if (!(value instanceof PatchObject)) return
  const problems = typeProblems(value, value.type.name)
  if (problems.length > 0) throw new MutationError(`type mismatch: ${problems.join('\n')}`)
}

function typeProblems(value: CelValue, place: string): string[] {
  if (value instanceof PatchObject) {
    const { name } = value.type
    const own =
      name === place
        ? []
        : [
            `unexpected type name "${name}", expected "${place}", which matches field name path from root Object type`,
          ]
    const fields = Array.from(value.fields)
    return [...own, ...fields.flatMap(([field, inner]) => typeProblems(inner, `${place}.${field}`))]
  }
  if (isList(value)) {
    const items = Array.from({ length: value.size }, (_, index) => value.at(index))
    return items.flatMap((item) => typeProblems(item, place))
  }
  return isMap(value) ? value.keys().flatMap((key) => typeProblems(value.get(key) ?? null, place)) : []
}
