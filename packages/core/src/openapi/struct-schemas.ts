import { type GoField, type GoScalar, type GoStruct, type GoType, goField } from '../schema/go-type.ts'
import { opaqueSchemas } from './opaque-schemas.ts'
import { type OpenAPISchema, reference, sortedByName, structName } from './openapi-schema.ts'

const scalars: { readonly [scalar in GoScalar]?: OpenAPISchema } = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  float64: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
}

/** OpenAPI v3 definitions of built-in types and of all that they refer to, as `openapi-gen` makes them. */
export class StructSchemas {
  /** By name. */
  readonly definitions: Map<string, OpenAPISchema>
  readonly #packageOf: (name: string) => string

  /** `packageOf` renames packages, for a version whose types are those of another. */
  constructor(
    definitions = new Map<string, OpenAPISchema>(),
    packageOf: (name: string) => string = (name) => name,
  ) {
    this.definitions = definitions
    this.#packageOf = packageOf
  }

  /** Adds a type; `extensions` are for the definition itself. Returns its name. */
  add(struct: GoStruct, extensions: OpenAPISchema = {}): string {
    const name = structName({ name: struct.name, package: this.#packageOf(struct.package) })
    if (!this.definitions.has(name)) {
      // Recursive types refer to what is still being made.
      this.definitions.set(name, {})
      this.definitions.set(name, { ...this.#structSchema(struct), ...extensions })
    }
    return name
  }

  define(name: string, schema: OpenAPISchema): string {
    this.definitions.set(name, schema)
    return name
  }

  #structSchema(struct: GoStruct): OpenAPISchema {
    const fields = Object.entries(struct.fields).map(([name, field]) => [name, goField(field)] as const)
    const required = fields.filter(([, field]) => field.required).map(([name]) => name)
    return {
      description: struct.description,
      type: 'object',
      ...(required.length > 0 && { required: required.sort() }),
      ...(fields.length > 0 && {
        properties: sortedByName(fields.map(([name, field]) => [name, this.#fieldSchema(field)])),
      }),
      ...(struct.mapType !== undefined && { 'x-kubernetes-map-type': struct.mapType }),
    }
  }

  #fieldSchema(field: GoField): OpenAPISchema {
    const isList = typeof field.type === 'object' && 'listOf' in field.type
    const keywords = {
      ...(field.description !== undefined && { description: field.description }),
      ...(field.default !== undefined && { default: field.default }),
      ...(field.enum !== undefined && !isList && { enum: field.enum }),
      ...(field.listMapKeys !== undefined && { 'x-kubernetes-list-map-keys': field.listMapKeys }),
      ...(field.listType !== undefined && { 'x-kubernetes-list-type': field.listType }),
      ...(field.mapType !== undefined && { 'x-kubernetes-map-type': field.mapType }),
      ...(field.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
      ...(field.patchStrategy !== undefined && {
        'x-kubernetes-patch-strategy': field.patchStrategy.join(','),
      }),
    }
    return this.#typeSchema(field.type, keywords, field.enum)
  }

  #typeSchema(type: GoType, keywords: OpenAPISchema, values?: readonly string[]): OpenAPISchema {
    if (typeof type === 'string') return this.#scalarSchema(type, keywords)
    if ('listOf' in type) {
      const items = this.#typeSchema(type.listOf, values === undefined ? {} : { enum: values })
      return { ...keywords, type: 'array', items }
    }
    if ('mapOf' in type) {
      return { ...keywords, type: 'object', additionalProperties: this.#typeSchema(type.mapOf, {}) }
    }
    if (!('either' in type)) return reference(this.add(type), keywords)
    const schema = type.description === undefined ? {} : { description: type.description }
    return reference(this.define(structName(type), schema), keywords)
  }

  #scalarSchema(type: GoScalar, keywords: OpenAPISchema): OpenAPISchema {
    const opaque = opaqueSchemas[type]
    if (opaque !== undefined) return reference(this.define(opaque.name, opaque.schema), keywords)
    return { ...keywords, ...scalars[type] }
  }
}
