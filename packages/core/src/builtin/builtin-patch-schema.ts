import type { PatchSchema } from '@k1s/apimachinery/strategic-merge'

/**
 * How a strategic merge patch of a built-in kind is merged, for clients that make patches or apply them themselves;
 * undefined for other kinds and versions, for which there are JSON merge patches.
 */
export async function builtinPatchSchema(kind: {
  readonly group: string
  readonly version: string
  readonly kind: string
}): Promise<PatchSchema | undefined> {
  const { builtinDefinitions } = await import('./index.ts')
  const definition = builtinDefinitions.find(
    (known) => known.kind === kind.kind && known.group === kind.group,
  )
  const struct = definition?.versions.find(({ name }) => name === kind.version)?.struct
  if (struct === undefined) return undefined
  const [{ patchSchemaOf }, type] = await Promise.all([import('../schema/patch-schema.ts'), struct()])
  return patchSchemaOf(type)
}
