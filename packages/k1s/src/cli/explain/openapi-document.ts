import { isJsonObject, type JsonObject } from '@k1s/apimachinery'

/** A schema of an OpenAPI document, whose keywords are read one by one. */
export type Schema = JsonObject

/** What a template of Go takes for true: not empty. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isJsonObject(value) ? Object.keys(value).length > 0 : Boolean(value)
}

/** The keyword's value if it is an object that is not empty. */
export function schemaAt(schema: Schema, keyword: string): Schema | undefined {
  const value = schema[keyword]
  return isJsonObject(value) && isTruthy(value) ? value : undefined
}

export function schemasAt(schema: Schema, keyword: string): Schema[] {
  const value = schema[keyword]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function textAt(schema: Schema, keyword: string): string {
  const value = schema[keyword]
  return typeof value === 'string' ? value : ''
}

/** What `$ref` points to in the document, `#/components/schemas/X`; undefined for none. */
export function resolveReference(ref: string, document: Schema): Schema | undefined {
  if (!ref.startsWith('#/')) return undefined
  let found: unknown = document
  for (const name of ref.slice(2).split('/')) found = isJsonObject(found) ? found[name] : undefined
  return isJsonObject(found) && isTruthy(found) ? found : undefined
}

/** Names in the order in which Go walks a map. */
export function sortedKeys(object: Schema): string[] {
  return Object.keys(object).sort()
}
