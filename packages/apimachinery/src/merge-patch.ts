/** JSON Merge Patch, RFC 7386. */
import { copyJson, equalJson, getField, isJsonObject, type JsonObject, setField } from './json-value.ts'

/**
 * The document with the patch applied, RFC 7386 section 2. Neither argument is changed; what the patch does
 * not touch is shared with the document.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return copyJson(patch)
  const target = isJsonObject(document) ? document : {}
  const result: JsonObject = {}
  for (const key of Object.keys(target)) {
    if (!Object.hasOwn(patch, key)) setField(result, key, target[key])
    else if (patch[key] !== null) setField(result, key, applyMergePatch(target[key], patch[key]))
  }
  for (const key of Object.keys(patch)) {
    if (Object.hasOwn(target, key) || patch[key] === null) continue
    setField(result, key, applyMergePatch(undefined, patch[key]))
  }
  return result
}

/**
 * The smallest merge patch that turns the original into the modified document. A null in the modified document
 * cannot be told from a removal, RFC 7386 section 1, and removes the field.
 */
export function createMergePatch(original: unknown, modified: unknown): unknown {
  if (!isJsonObject(original) || !isJsonObject(modified)) return copyJson(modified)
  const patch: JsonObject = {}
  for (const key of Object.keys(modified)) {
    const before = getField(original, key)
    const after = modified[key]
    if (isJsonObject(before) && isJsonObject(after)) {
      const difference = createMergePatch(before, after) as JsonObject
      if (Object.keys(difference).length > 0) setField(patch, key, difference)
    } else if (!equalJson(before, after)) {
      setField(patch, key, copyJson(after))
    }
  }
  for (const key of Object.keys(original)) {
    if (original[key] !== undefined && getField(modified, key) === undefined) setField(patch, key, null)
  }
  return patch
}
