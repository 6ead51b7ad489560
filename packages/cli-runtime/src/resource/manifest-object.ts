import { isJsonObject, type Unstructured } from '@k1s/apimachinery'

/**
 * Checks that a value from a file has what every object has, so that it can be sent: apiVersion, kind, and metadata
 * of the right types. Metadata that is absent becomes empty.
 *
 * @throws Error in the words of kubectl's decoder, with what to do.
 */
export function checkManifestObject(value: unknown, source: string): Unstructured {
  if (!isJsonObject(value)) {
    const what = Array.isArray(value) ? 'a list' : excerptOf(JSON.stringify(value))
    throw new Error(
      `unable to decode ${JSON.stringify(source)}: expected an object with apiVersion and kind, not ${what}`,
    )
  }
  const problems = ['apiVersion', 'kind'].filter((field) => !value[field]).map((field) => `${field} not set`)
  if (problems.length > 0) {
    const list = problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]
    throw new Error(`error validating ${JSON.stringify(source)}: error validating data: ${list}`)
  }
  requireString(value.apiVersion, 'apiVersion', source)
  requireString(value.kind, 'kind', source)
  const object = { ...value, metadata: checkMetadata(value.metadata, source) } as Unstructured
  if (object.kind === 'List' && object.apiVersion === 'v1') object.items = checkItems(object.items, source)
  return object
}

/** A file that is no manifest may be one long word. */
function excerptOf(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function checkItems(items: unknown, source: string): unknown[] {
  if (items === undefined || items === null) return []
  if (Array.isArray(items)) return items
  throw new Error(`unable to decode ${JSON.stringify(source)}: items must be a list`)
}

function checkMetadata(metadata: unknown, source: string): Unstructured['metadata'] {
  if (metadata === undefined || metadata === null) return {}
  if (!isJsonObject(metadata)) throw wrongType(metadata, 'metadata', 'an object', source)
  for (const field of ['name', 'namespace', 'generateName']) {
    if (metadata[field] !== null && metadata[field] !== undefined) {
      requireString(metadata[field], `metadata.${field}`, source)
    }
  }
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field] ?? {}
    if (!isJsonObject(map)) throw wrongType(map, `metadata.${field}`, 'an object', source)
    for (const [key, value] of Object.entries(map)) {
      // Go reads null into a string as the empty one.
      if (value === null) map[key] = ''
      else requireString(value, `metadata.${field}`, source, `metadata.${field}[${JSON.stringify(key)}]`)
    }
  }
  return metadata
}

function requireString(value: unknown, field: string, source: string, place = field): void {
  if (typeof value !== 'string') throw wrongType(value, field, 'a string', source, place)
}

function wrongType(value: unknown, field: string, expected: string, source: string, place = field): Error {
  const actual = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const goType = expected === 'a string' ? 'string' : 'ObjectMeta'
  const quotes = expected === 'a string' && typeof value !== 'object' ? ': put the value in quotes' : ''
  return new Error(
    `unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${actual} into Go struct field ObjectMeta.${field} of type ${goType}\n${place} must be ${expected}${quotes}`,
  )
}
