import type { Unstructured } from '@k1s/apimachinery'
import { type GoStruct, goField } from './go-type.ts'

const known = new WeakMap<GoStruct, Unstructured>()

/**
 * An object of a built-in kind before anything is set, as Go writes an empty struct: structs that are no pointers, and
 * fields that are not left out when they are empty. Must not be changed.
 */
export function emptyObject(struct: GoStruct, apiVersion: string): Unstructured {
  let empty = known.get(struct)
  if (empty === undefined) {
    empty = { ...emptyStruct(struct), apiVersion, kind: struct.name, metadata: {} }
    known.set(struct, empty)
  }
  return empty
}

/** OpenAPI gives such fields a default: that of a struct is `{}`. */
function emptyStruct(struct: GoStruct): { [field: string]: unknown } {
  const fields: { [field: string]: unknown } = {}
  for (const [name, declared] of Object.entries(struct.fields)) {
    const field = goField(declared)
    if (field.default === undefined) continue
    const isStruct = typeof field.type === 'object' && 'fields' in field.type
    fields[name] = isStruct ? emptyStruct(field.type as GoStruct) : field.default
  }
  return fields
}
