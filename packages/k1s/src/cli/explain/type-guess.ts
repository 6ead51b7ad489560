import { resolveReference, type Schema, schemaAt, schemasAt, textAt } from './openapi-document.ts'

/** The type of a field in a word: `string`, `[]Object`, `map[string]string`, or the name of what it refers to. */
export function typeGuess(schema: Schema, document: Schema): string {
  const items = schemaAt(schema, 'items')
  if (items !== undefined) return `[]${typeGuess(items, document)}`
  const element = schemaAt(schema, 'additionalProperties')
  if (element !== undefined) return `map[string]${typeGuess(element, document)}`
  const allOf = schemasAt(schema, 'allOf')
  if (allOf.length === 1 && schemaAt(schema, 'properties') === undefined) {
    return typeGuess(allOf[0]!, document)
  }
  const ref = textAt(schema, '$ref')
  if (ref !== '') return typeOfReference(ref, document)
  const type = textAt(schema, 'type')
  return type === 'object' || type === '' ? 'Object' : type
}

/** Objects are shown by their names, others by their types. */
function typeOfReference(ref: string, document: Schema): string {
  const type = textAt(resolveReference(ref, document) ?? {}, 'type')
  if (type !== '' && type !== 'object') return type
  return ref.split('/').at(-1)?.split('.').at(-1) || 'Object'
}
