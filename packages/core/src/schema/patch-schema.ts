import type { PatchField, PatchSchema } from '@k1s/apimachinery/strategic-merge'
import { type GoScalar, type GoStruct, type GoType, goField } from './go-type.ts'

const schemas = new WeakMap<GoStruct, PatchSchema>()

/** What a strategic merge patch asks of a built-in kind: `PatchMetaFromStruct` of `k8s.io/apimachinery`. */
export function patchSchemaOf(struct: GoStruct): PatchSchema {
  let schema = schemas.get(struct)
  if (schema === undefined) {
    schema = new StructPatchSchema(struct)
    schemas.set(struct, schema)
  }
  return schema
}

class StructPatchSchema implements PatchSchema {
  readonly kind = 'struct'
  readonly name: string
  readonly #fields: GoStruct['fields']

  constructor({ name, fields }: GoStruct) {
    this.name = name
    this.#fields = fields
  }

  field(name: string): PatchField | undefined {
    if (!Object.hasOwn(this.#fields, name)) return undefined
    const { type, patchStrategy = [], patchMergeKey } = goField(this.#fields[name]!)
    return {
      schema: schemaOfType(type),
      patchStrategies: patchStrategy,
      ...(patchMergeKey !== undefined && { patchMergeKey }),
    }
  }
}

function schemaOfType(type: GoType): PatchSchema {
  if (typeof type === 'string') return scalarSchemas[type]
  if ('listOf' in type) return { kind: 'slice', name: '', element: schemaOfType(type.listOf), field: noField }
  if ('mapOf' in type) return { kind: 'map', name: '', field: noField }
  // Types of two forms are structs that hold one or the other, without fields of their own in JSON.
  return 'either' in type ? opaque(type.name) : patchSchemaOf(type)
}

const noField = () => undefined
const scalar = (kind: string): PatchSchema => ({ kind, name: '', field: noField })
const opaque = (name: string): PatchSchema => ({ kind: 'struct', name, field: noField })

const scalarSchemas: { readonly [scalar in GoScalar]: PatchSchema } = {
  string: scalar('string'),
  bytes: { kind: 'slice', name: '', element: scalar('uint8'), field: noField },
  int32: scalar('int32'),
  int64: scalar('int64'),
  float64: scalar('float64'),
  bool: scalar('bool'),
  time: opaque('Time'),
  microTime: opaque('MicroTime'),
  quantity: opaque('Quantity'),
  fieldsV1: opaque('FieldsV1'),
  json: opaque('JSON'),
}
