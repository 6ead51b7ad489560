/** The three-way merge of client-side apply for kinds without a merge strategy. */
import { isJsonObject, type JsonObject, setField } from './json-value.ts'
import { createMergePatch } from './merge-patch.ts'

/** Looks at a patch and returns whether it may be sent. */
export type MergePrecondition = (patch: JsonObject) => boolean

/** A patch that a precondition refuses. */
export class MergePreconditionError extends Error {
  readonly patch: JsonObject

  constructor(patch: JsonObject) {
    super('At least one of apiVersion, kind and name was changed')
    this.name = 'MergePreconditionError'
    this.patch = patch
  }
}

/** Holds when the patch does not touch a field of the root. */
export function requireKeyUnchanged(key: string): MergePrecondition {
  return (patch) => !Object.hasOwn(patch, key)
}

/** Holds when the patch does not touch a field of the metadata. */
export function requireMetadataKeyUnchanged(key: string): MergePrecondition {
  return ({ metadata }) => !isJsonObject(metadata) || !Object.hasOwn(metadata, key)
}

const applyPreconditions: readonly MergePrecondition[] = [
  requireKeyUnchanged('apiVersion'),
  requireKeyUnchanged('kind'),
  requireMetadataKeyUnchanged('name'),
]

/**
 * The merge patch that gives `current` what `modified` says and takes from it what `original`, the configuration
 * applied last, had and `modified` has no longer. Fields that others set stay. An empty object means that
 * nothing is to be done. Follows `jsonmergepatch.CreateThreeWayJSONMergePatch`.
 *
 * Throws a {@link MergePreconditionError} when the patch would change apiVersion, kind or name.
 */
export function createThreeWayMergePatch(
  original: JsonObject | undefined,
  modified: JsonObject,
  current: JsonObject,
  preconditions: readonly MergePrecondition[] = applyPreconditions,
): JsonObject {
  const changes = keepChanges(createMergePatch(current, modified) as JsonObject)
  const deletions = keepDeletions(createMergePatch(original ?? {}, modified) as JsonObject)
  const patch = overlay(deletions, changes)
  if (!preconditions.every((holds) => holds(patch))) throw new MergePreconditionError(patch)
  return patch
}

/** The patch without its removals, which `current` may owe to others. */
function keepChanges(patch: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) continue
    if (!isJsonObject(value) || Object.keys(value).length === 0) {
      setField(kept, key, value)
      continue
    }
    const inner = keepChanges(value)
    if (Object.keys(inner).length > 0) setField(kept, key, inner)
  }
  return kept
}

function keepDeletions(patch: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) setField(kept, key, null)
    if (!isJsonObject(value)) continue
    const inner = keepDeletions(value)
    if (Object.keys(inner).length > 0) setField(kept, key, inner)
  }
  return kept
}

/** Both patches as one. They never disagree: what `modified` has is not deleted, and nothing else is changed. */
function overlay(deletions: JsonObject, changes: JsonObject): JsonObject {
  const merged: JsonObject = { ...deletions }
  for (const [key, value] of Object.entries(changes)) {
    const below = Object.hasOwn(merged, key) ? merged[key] : undefined
    setField(merged, key, isJsonObject(below) && isJsonObject(value) ? overlay(below, value) : value)
  }
  return merged
}
