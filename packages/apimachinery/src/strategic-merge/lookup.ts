/** What a schema says of a field that is merged; errors as those of `forked/golang/json` and `strategicpatch`. */
import { quote } from '../quote.ts'
import type { PatchField, PatchSchema } from './patch-schema.ts'
import { StrategicMergeError } from './strategic-merge-error.ts'

export interface MergeRule {
  /** The schema of the object, or that of the items of a list. */
  readonly schema: PatchSchema
  readonly strategy: 'merge' | 'replace' | undefined
  readonly retainKeys: boolean
  /** Empty if there is none. */
  readonly mergeKey: string
}

export function lookUpObject(parent: PatchSchema, name: string): MergeRule {
  const field = lookUp(parent, name)
  return ruleOf(field, field.schema)
}

export function lookUpList(parent: PatchSchema, name: string): MergeRule {
  const field = lookUp(parent, name)
  const { element } = field.schema
  if (element === undefined) {
    throw new StrategicMergeError(`expected slice or array type, but got: ${parent.kind}`)
  }
  if (element.element !== undefined) throw new StrategicMergeError('unexpected slice of slice')
  return ruleOf(field, element)
}

function lookUp(parent: PatchSchema, name: string): PatchField {
  if (parent.kind !== 'struct') {
    throw new StrategicMergeError(
      `merging an object in json but data type is not struct, instead is: ${parent.kind}`,
    )
  }
  const field = parent.field(name)
  if (field !== undefined) return field
  throw new StrategicMergeError(
    `unable to find api field in struct ${parent.name} for the json field ${quote(name)}`,
  )
}

function ruleOf({ patchStrategies, patchMergeKey = '' }: PatchField, schema: PatchSchema): MergeRule {
  const strategies = patchStrategies.filter((strategy) => strategy !== 'retainKeys')
  const retainKeys = strategies.length < patchStrategies.length
  if (patchStrategies.length > 2 || strategies.length > 1) {
    throw new StrategicMergeError(`unexpected patch strategy: [${patchStrategies.join(' ')}]`)
  }
  return { schema, strategy: strategies[0], retainKeys, mergeKey: patchMergeKey }
}
