import type { ResourceVersionDefinition } from '../resource-definition.ts'
import type { GoStruct } from '../schema/go-type.ts'

const loaded = new WeakMap<ResourceVersionDefinition, GoStruct>()

/** The Go type of a built-in version, without a promise once it was loaded: a write asks for it several times. */
export function structOf(version: ResourceVersionDefinition): GoStruct | undefined | Promise<GoStruct> {
  return version.struct === undefined ? undefined : (loaded.get(version) ?? load(version, version.struct()))
}

async function load(version: ResourceVersionDefinition, loading: Promise<GoStruct>): Promise<GoStruct> {
  const struct = await loading
  loaded.set(version, struct)
  return struct
}
