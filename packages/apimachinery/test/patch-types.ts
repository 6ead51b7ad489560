import type { PatchField, PatchSchema, PatchStrategy } from '@k1s/apimachinery/strategic-merge'

function scalar(kind: string): PatchSchema {
  return { kind, name: '', field: () => undefined }
}

function listOf(element: PatchSchema): PatchSchema {
  return { ...scalar('slice'), element }
}

function field(
  schema: PatchSchema,
  patchStrategies: readonly PatchStrategy[] = [],
  patchMergeKey?: string,
): PatchField {
  return { schema, patchStrategies, ...(patchMergeKey !== undefined && { patchMergeKey }) }
}

/** A type with a field for each way to merge; it is the type of its own fields and items. */
export const Node: PatchSchema = {
  kind: 'struct',
  name: 'Node',
  field: (name) => fields.get(name),
}

const fields = new Map<string, PatchField>([
  ['name', field(scalar('string'))],
  ['port', field(scalar('int64'))],
  ['labels', field(scalar('map'))],
  ['inner', field(Node)],
  ['replaced', field(Node, ['replace'])],
  ['kept', field(Node, ['retainKeys'])],
  ['items', field(listOf(Node), ['merge'], 'name')],
  ['volumes', field(listOf(Node), ['merge', 'retainKeys'], 'name')],
  ['ports', field(listOf(Node), ['merge'], 'port')],
  ['plain', field(listOf(Node))],
  ['keyless', field(listOf(Node), ['merge'])],
  ['nested', field(listOf(listOf(Node)), ['merge'], 'name')],
  ['words', field(listOf(scalar('string')), ['merge'])],
  ['atomic', field(listOf(scalar('string')))],
  ['odd', field(listOf(Node), ['merge', 'replace'], 'name')],
])
