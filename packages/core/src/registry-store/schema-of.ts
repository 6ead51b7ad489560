import type { ResourceVersionDefinition } from '../resource-definition.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'

const loaded = new WeakMap<ResourceVersionDefinition, ResourceSchema>()

/**
 * The schema of a version with its rules, for writes. No promise once it was loaded: a write asks for it several
 * times.
 */
export function schemaOf(
  version: ResourceVersionDefinition,
): ResourceSchema | undefined | Promise<ResourceSchema> {
  return version.schema === undefined ? undefined : (loaded.get(version) ?? load(version, version.schema()))
}

async function load(
  version: ResourceVersionDefinition,
  loading: Promise<ResourceSchema>,
): Promise<ResourceSchema> {
  const schema = await loading
  await schema.loadRules()
  loaded.set(version, schema)
  return schema
}
