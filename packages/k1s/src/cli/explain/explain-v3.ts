import { equalJson, isJsonObject } from '@k1s/apimachinery'
import { enumLines, enumList } from './enum-text.ts'
import type { GroupVersionResource } from './explained-resource.ts'
import { resolveReference, type Schema, schemaAt, schemasAt, sortedKeys, textAt } from './openapi-document.ts'
import { typeGuess } from './type-guess.ts'
import { indent, wordWrap } from './word-wrap.ts'

export interface ExplainOptions {
  readonly recursive: boolean
  /** How deep fields of fields are printed; 0 for all. */
  readonly maxDepth: number
}

const gvkExtension = 'x-kubernetes-group-version-kind'

/**
 * Writes what an OpenAPI v3 document says of a resource, or of a field of it, as the template `plaintext` of
 * `k8s.io/kubectl/pkg/explain/v2`. The kind is written before it turns out that there is no such field.
 */
export function explainV3(
  document: object,
  resource: GroupVersionResource,
  fieldPath: readonly string[],
  options: ExplainOptions,
  write: (text: string) => void,
): void {
  new Explanation(document as Schema, options).explain(resource, fieldPath, write)
}

class Explanation {
  readonly #document: Schema
  readonly #recursive: boolean
  readonly #maxDepth: number

  constructor(document: Schema, { recursive, maxDepth }: ExplainOptions) {
    this.#document = document
    this.#recursive = recursive
    this.#maxDepth = maxDepth
  }

  explain(resource: GroupVersionResource, fieldPath: readonly string[], write: (text: string) => void): void {
    const gvk = this.#kindOf(resource)
    const { group, version, kind } = gvk
    write(`${group ? `GROUP:      ${group}\n` : ''}KIND:       ${kind}\nVERSION:    ${version}\n\n`)
    const schema = this.#schemaOf(gvk)
    if (schema === undefined) {
      throw new Error(
        `error: GVK map[group:${group} kind:${kind} version:${version}] not found in OpenAPI schema`,
      )
    }
    const text = this.#output(schema, fieldPath, new Set())
    if (text === '') throw new Error(`error: field "${fieldPath.at(-1)}" does not exist`)
    write(`${text}\n`)
  }

  /** Operations name the kind that they are about. */
  #kindOf({ group, version, resource }: GroupVersionResource): Schema {
    const root = `${group === '' ? '/api' : `/apis/${group}`}/${version}`
    const collections = [`${root}/${resource}`, `${root}/namespaces/{namespace}/${resource}`]
    const paths = this.#document.paths as Schema
    for (const path of collections.flatMap((collection) => [collection, `${collection}/{name}`])) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
        const operation = isJsonObject(paths[path]) ? paths[path][method] : undefined
        if (isJsonObject(operation) && isJsonObject(operation[gvkExtension])) return operation[gvkExtension]
      }
    }
    throw new Error(`error: GVR (${group}/${version}, Resource=${resource}) not found in OpenAPI schema`)
  }

  #schemaOf(gvk: Schema): Schema | undefined {
    const schemas = (this.#document.components as Schema).schemas as Schema
    const name = sortedKeys(schemas).find((candidate) =>
      schemasAt(schemas[candidate] as Schema, gvkExtension).some((kind) => equalJson(kind, gvk)),
    )
    return name === undefined ? undefined : (schemas[name] as Schema)
  }

  #resolve(schema: Schema): Schema {
    return resolveReference(textAt(schema, '$ref'), this.#document) ?? schema
  }

  /** Follows the path, through lists, maps and references, and describes where it ends. Empty if it leads nowhere. */
  #output(schema: Schema, fieldPath: readonly string[], history: ReadonlySet<string>): string {
    const ref = textAt(schema, '$ref')
    const resolved = this.#resolve(schema)
    const [field, ...rest] = fieldPath
    if (field === undefined) return this.#describe(resolved)
    if (ref !== '' && history.has(ref)) return ''
    const property = schemaAt(schemaAt(resolved, 'properties') ?? {}, field)
    if (property !== undefined) {
      const heading = rest.length > 0 ? '' : this.#heading(field, property)
      return heading + this.#output(property, rest, new Set())
    }
    const seen = new Set([...history, ref])
    const element = schemaAt(resolved, 'items') ?? schemaAt(resolved, 'additionalProperties')
    if (element !== undefined) return this.#output(element, fieldPath, seen)
    for (const alternative of schemasAt(resolved, 'allOf')) {
      const text = this.#output(alternative, fieldPath, seen)
      if (text !== '') return text
    }
    return ''
  }

  #heading(name: string, schema: Schema): string {
    return `FIELD: ${name} <${typeGuess(schema, this.#document)}>\n${enumLines(schema)}\n\n`
  }

  #describe(schema: Schema): string {
    const description = indent(4, wordWrap(this.#description(schema) || '<empty>', 76))
    const docs = schemaAt(schema, 'externalDocs')
    const fields = this.#fieldList(schema, 1, new Set())
    return [
      `DESCRIPTION:\n${description}\n`,
      docs === undefined ? '' : `\n${externalDocs(docs, 0, 4)}`,
      fields === '' ? '' : `FIELDS:\n${fields}`,
    ].join('')
  }

  /** With the descriptions of all that the schema is made of. */
  #description(schema: Schema): string {
    const resolved = this.#resolve(schema)
    const own = textAt(resolved, 'description')
    const parts = [
      ...schemasAt(resolved, 'allOf'),
      ...[schemaAt(resolved, 'items') ?? [], schemaAt(resolved, 'additionalProperties') ?? []].flat(),
    ]
    return (own === '' ? '' : `${own}\n`) + parts.map((part) => this.#description(part)).join('')
  }

  #fieldList(schema: Schema, level: number, history: ReadonlySet<string>): string {
    const ref = textAt(schema, '$ref')
    if (ref !== '' && history.has(ref)) return ''
    const seen = new Set([...history, ref])
    const resolved = this.#resolve(schema)
    const properties = schemaAt(resolved, 'properties') ?? {}
    const isDeeper = this.#recursive && (this.#maxDepth === 0 || level < this.#maxDepth)
    let text = ''
    for (const name of sortedKeys(properties)) {
      text += this.#fieldDetail(name, resolved, level)
      if (isDeeper) text += this.#fieldList(properties[name] as Schema, level + 1, seen)
    }
    for (const part of schemasAt(resolved, 'allOf')) text += this.#fieldList(part, level, seen)
    for (const keyword of ['items', 'additionalProperties']) {
      const element = schemaAt(resolved, keyword)
      if (element !== undefined) text += this.#fieldList(element, level, seen)
    }
    return text
  }

  #fieldDetail(name: string, parent: Schema, level: number): string {
    const schema = (parent.properties as Schema)[name] as Schema
    const spaces = level * 2
    const isRequired = Array.isArray(parent.required) && parent.required.includes(name)
    const summary = `${indent(spaces, name)}\t<${typeGuess(schema, this.#document)}>${isRequired ? ' -required-' : ''}`
    const line = `${summary}${enumList(schema, spaces)}\n`
    if (this.#recursive) return line
    const description = wordWrap(textAt(schema, 'description') || '<no description>', 78 - spaces)
    const docs = schemaAt(schema, 'externalDocs')
    return `${line}${indent(spaces + 2, description)}\n${docs === undefined ? '' : `\n${externalDocs(docs, spaces + 2, spaces + 4)}`}\n`
  }
}

function externalDocs(docs: Schema, headingSpaces: number, spaces: number): string {
  const description = textAt(docs, 'description')
  const url = textAt(docs, 'url')
  return [
    `${indent(headingSpaces, 'EXTERNAL DOCS:')}\n`,
    description === '' ? '' : `${indent(spaces, wordWrap(description, 80 - spaces))}\n`,
    url === '' ? '' : `${indent(spaces, `URL: ${url}`)}\n`,
  ].join('')
}
