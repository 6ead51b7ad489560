import { equalJson, formatGroupVersion } from '@k1s/apimachinery'
import type { ExplainOptions } from './explain-v3.ts'
import { fillLines } from './fill-lines.ts'
import { type Schema, schemasAt, sortedKeys } from './openapi-document.ts'
import { type Model, ModelReader } from './v2-model.ts'

export interface ExplainedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** What an OpenAPI v2 document says of a kind, or of a field of it, as `k8s.io/kubectl/pkg/explain` prints it. */
export function explainV2(
  document: object,
  gvk: ExplainedKind,
  fieldPath: readonly string[],
  options: ExplainOptions,
): string {
  const definitions = (document as Schema).definitions as Schema
  const name = sortedKeys(definitions).find((candidate) =>
    schemasAt(definitions[candidate] as Schema, 'x-kubernetes-group-version-kind').some((kind) =>
      equalJson(kind, gvk),
    ),
  )
  if (name === undefined) {
    throw new Error(`couldn't find resource for "${gvk.group}/${gvk.version}, Kind=${gvk.kind}"`)
  }
  const reader = new ModelReader(definitions)
  const model = lookUp(reader.read(definitions[name] as Schema), fieldPath, reader)
  return new ModelPrinter(gvk, reader, options).print(fieldPath.at(-1) ?? '', model)
}

/** The model at the end of the path, through lists, maps and references. Values without fields end it. */
function lookUp(model: Model, fieldPath: readonly string[], reader: ModelReader): Model {
  const [field, ...rest] = fieldPath
  if (field === undefined) return model
  switch (model.type) {
    case 'array':
    case 'map':
      return lookUp(model.element, fieldPath, reader)
    case 'reference':
      return lookUp(reader.resolve(model), fieldPath, reader)
    case 'kind': {
      const property = model.fields.get(field)
      if (property === undefined) throw new Error(`field "${field}" does not exist`)
      return lookUp(property, rest, reader)
    }
    case 'primitive':
    case 'arbitrary':
      return model
  }
}

class ModelPrinter {
  readonly #gvk: ExplainedKind
  readonly #reader: ModelReader
  readonly #options: ExplainOptions

  constructor(gvk: ExplainedKind, reader: ModelReader, options: ExplainOptions) {
    this.#gvk = gvk
    this.#reader = reader
    this.#options = options
  }

  /** Goes through lists, maps and references to what has fields, or has none, and collects their descriptions. */
  print(name: string, model: Model): string {
    const descriptions: string[] = []
    let typeName = ''
    let current = model
    for (;;) {
      if (current.type === 'reference') {
        descriptions.push(current.description)
        current = this.#reader.resolve(current)
      } else if (current.type === 'array' || current.type === 'map') {
        descriptions.push(current.description)
        typeName ||= this.#reader.typeName(current)
        current = current.element
      } else break
    }
    typeName ||= this.#reader.typeName(current)
    descriptions.push(current.description)
    return this.#heading(name, typeName, current) + description(descriptions) + this.#fields(current)
  }

  #heading(name: string, typeName: string, model: Model): string {
    const kind = `KIND:     ${this.#gvk.kind}\nVERSION:  ${formatGroupVersion(this.#gvk)}\n\n`
    if (model.type === 'primitive') return `${kind}FIELD:    ${name} <${typeName}>\n\n`
    return model.type === 'kind' && name !== '' ? `${kind}RESOURCE: ${name} <${typeName}>\n\n` : kind
  }

  #fields(model: Model): string {
    if (model.type !== 'kind') return ''
    const fields = this.#options.recursive ? this.#fieldTree(model, 1, new Set()) : this.#fieldList(model)
    return `\nFIELDS:\n${fields}`
  }

  #fieldList(kind: Extract<Model, { type: 'kind' }>): string {
    return sorted(kind.fields)
      .map(([name, field]) => {
        const required = kind.required.has(name) ? ' -required-' : ''
        const text = fillLines(field.description, 75).map((line) => (line === '' ? '\n' : `     ${line}\n`))
        return `   ${name}\t<${this.#reader.typeName(field)}>${required}\n${text.join('')}\n`
      })
      .join('')
  }

  #fieldTree(model: Model, depth: number, visited: ReadonlySet<string>): string {
    switch (model.type) {
      case 'array':
      case 'map':
        return this.#fieldTree(model.element, depth, visited)
      case 'reference':
        if (visited.has(model.name)) return ''
        return this.#fieldTree(this.#reader.resolve(model), depth, new Set([...visited, model.name]))
      case 'kind':
        return sorted(model.fields)
          .map(([name, field]) => {
            const line = `${' '.repeat(3 * depth)}${name}\t<${this.#reader.typeName(field)}>\n`
            const { maxDepth } = this.#options
            return maxDepth > 0 && depth >= maxDepth
              ? line
              : line + this.#fieldTree(field, depth + 1, visited)
          })
          .join('')
      default:
        return ''
    }
  }
}

function sorted(fields: ReadonlyMap<string, Model>): [string, Model][] {
  return [...fields].sort(([a], [b]) => (a < b ? -1 : 1))
}

function description(descriptions: readonly string[]): string {
  let text = 'DESCRIPTION:\n'
  for (const [index, part] of descriptions.entries()) {
    if (part === '') continue
    if (index > 0) text += '\n'
    for (const line of fillLines(part, 75)) text += line === '' ? '\n' : `     ${line}\n`
  }
  return descriptions.every((part) => part === '') ? `${text}     <empty>\n` : text
}
