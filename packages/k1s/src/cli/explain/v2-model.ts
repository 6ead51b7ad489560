import { isJsonObject } from '@k1s/apimachinery'
import { type Schema, schemaAt, textAt } from './openapi-document.ts'

/** A schema as `k8s.io/kube-openapi/pkg/util/proto` reads it. */
export type Model = { readonly description: string } & (
  | { readonly type: 'array' | 'map'; readonly element: Model }
  | {
      readonly type: 'kind'
      readonly fields: ReadonlyMap<string, Model>
      readonly required: ReadonlySet<string>
    }
  | { readonly type: 'primitive'; readonly primitive: string }
  | { readonly type: 'reference'; readonly name: string }
  | { readonly type: 'arbitrary' }
)

/** Reads the schemas of an OpenAPI v2 document. References are resolved one by one, since types are recursive. */
export class ModelReader {
  readonly #definitions: Schema

  constructor(definitions: Schema) {
    this.#definitions = definitions
  }

  read(schema: Schema): Model {
    const description = textAt(schema, 'description')
    const ref = textAt(schema, '$ref')
    if (ref !== '') return { type: 'reference', description, name: ref.replace('#/definitions/', '') }
    const type = textAt(schema, 'type')
    const properties = schemaAt(schema, 'properties')
    if (properties !== undefined && (type === '' || type === 'object')) {
      const fields = Object.entries(properties).map(
        ([name, property]) => [name, this.read(property as Schema)] as const,
      )
      const required = Array.isArray(schema.required) ? (schema.required as string[]) : []
      return { type: 'kind', description, fields: new Map(fields), required: new Set(required) }
    }
    if (type === '') return { type: 'arbitrary', description }
    if (type === 'object')
      return { type: 'map', description, element: this.#element(schema.additionalProperties, description) }
    if (type === 'array') return { type: 'array', description, element: this.#element(schema.items, '') }
    return { type: 'primitive', description, primitive: type }
  }

  resolve({ name }: { readonly name: string }): Model {
    return this.read(this.#definitions[name] as Schema)
  }

  /** `Object`, `[]string`, `map[string]Object`; empty for what can be anything. */
  typeName(model: Model): string {
    switch (model.type) {
      case 'array':
        return `[]${this.typeName(model.element)}`
      case 'map':
        return `map[string]${this.typeName(model.element)}`
      case 'kind':
        return 'Object'
      case 'primitive':
        return model.primitive
      case 'reference':
        return this.typeName(this.resolve(model))
      case 'arbitrary':
        return ''
    }
  }

  #element(schema: unknown, description: string): Model {
    return isJsonObject(schema) ? this.read(schema) : { type: 'arbitrary', description }
  }
}
