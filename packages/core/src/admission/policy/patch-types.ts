import { type CelObjectType, type CelType, dynType, opaqueType, stringType } from '../../cel/cel-type.ts'
import type { CelObject, CelValue } from '../../cel/cel-value.ts'
import type { CelTypeProvider } from '../../cel/environment.ts'
import { equalValues } from '../../cel/equality.ts'
import { CelEvaluationError } from '../../cel/evaluation-error.ts'
import { objectType } from './policy-variables.ts'

const operationType = objectType('JSONPatch', {
  op: stringType,
  path: stringType,
  from: stringType,
  value: dynType,
})

/** `JSONPatch{op: "add", path: "/spec/replicas", value: 1}` of `k8s.io/apiserver/pkg/cel/mutation/jsonpatch.go`. */
export const jsonPatchType: CelObjectType = {
  ...operationType,
  // Kubernetes finds any field, but those that a patch does not have are of no type.
  field: (name) => operationType.field(name) ?? opaqueType(''),
}

/** `Object{spec: Object.spec{replicas: 1}}`: any field of any type, named by its path. */
export const objectRootType: CelObjectType = dynamicType('Object')

function dynamicType(name: string): CelObjectType {
  return { kind: 'object', name, field: (): CelType => dynType }
}

/** The types that expressions of mutations may make: `DynamicTypeResolver` of `k8s.io/apiserver/pkg/cel/mutation`. */
export const patchTypes: CelTypeProvider = {
  findType(name) {
    if (name === 'JSONPatch') return jsonPatchType
    return name === 'Object' || name.startsWith('Object.') ? dynamicType(name) : undefined
  },
  newObject(type, fields) {
    if (type.name === 'JSONPatch') {
      for (const name of ['op', 'path', 'from']) {
        const value = fields.get(name)
        if (value !== undefined && typeof value !== 'string') {
          throw new CelEvaluationError(`unexpected type for JSONPatchType '${name}' field`)
        }
      }
    }
    return new PatchObject(type, fields)
  },
}

/** A value of such a type. */
export class PatchObject implements CelObject {
  readonly celKind = 'object'
  readonly type: CelObjectType
  readonly fields: ReadonlyMap<string, CelValue>

  constructor(type: CelObjectType, fields: ReadonlyMap<string, CelValue>) {
    this.type = type
    this.fields = fields
  }

  get(field: string): CelValue | undefined {
    return this.fields.get(field)
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof PatchObject) || other.type.name !== this.type.name) return false
    if (other.fields.size !== this.fields.size) return false
    return Array.from(this.fields).every(([name, value]) => {
      const theirs = other.fields.get(name)
      return theirs !== undefined && equalValues(value, theirs)
    })
  }
}
