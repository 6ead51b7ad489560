import { compilePlainPattern } from '../plain-pattern.ts'
import { isSupportedFormat } from './formats.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'

/** Handed in, since loading regular expressions takes longer than most schemas without a pattern are used. */
export type CompilePattern = (pattern: string) => Pattern

/** What tells whether a text matches, or why the pattern is none. */
export type Pattern = { readonly regexp: { test(text: string): boolean } } | { readonly error: string }

/**
 * One schema within a CustomResourceDefinition's, with what the algorithms need of it at hand. Nodes below come
 * into being when a value reaches them: of a schema of thousands of nodes, a typical object visits a few dozen.
 */
export class SchemaNode {
  readonly schema: JSONSchemaProps
  /** As error messages join them: `integer`, or `integer,string` for int-or-string. Empty without a type. */
  readonly types: string
  readonly isInteger: boolean
  readonly isNumber: boolean
  /** Empty where the API server would ignore it. */
  readonly format: string
  readonly hasStringFormat: boolean
  readonly hasJunctors: boolean
  readonly preservesUnknownFields: boolean
  readonly isEmbeddedResource: boolean
  readonly nullable: boolean

  readonly #properties = new Map<string, SchemaNode>()
  #propertyNames: readonly string[] | undefined
  #namesWithDefault: readonly string[] | undefined
  #items: SchemaNode | undefined
  #additionalProperties: SchemaNode | undefined
  #junctors: Junctors | undefined
  readonly #compilePattern: CompilePattern
  #pattern: Pattern | undefined

  constructor(schema: JSONSchemaProps, compilePattern: CompilePattern) {
    this.schema = schema
    this.#compilePattern = compilePattern
    this.types = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : (schema.type ?? '')
    this.isInteger = this.types.startsWith('integer')
    this.isNumber = this.types === 'number'
    this.format = isSupportedFormat(this.types, schema.format ?? '') ? (schema.format ?? '') : ''
    this.hasStringFormat = this.format !== '' && this.types !== 'integer' && this.types !== 'number'
    const { allOf, anyOf, oneOf, not } = schema
    this.hasJunctors = (allOf ?? anyOf ?? oneOf ?? not) !== undefined
    this.preservesUnknownFields = schema['x-kubernetes-preserve-unknown-fields'] === true
    this.isEmbeddedResource = schema['x-kubernetes-embedded-resource'] === true
    this.nullable = schema.nullable === true
  }

  hasType(type: string): boolean {
    return (
      this.types === type || (this.types === 'integer,string' && (type === 'integer' || type === 'string'))
    )
  }

  /** A null default is none, as in Go, where both are nil. */
  get hasDefault(): boolean {
    return this.schema.default !== undefined && this.schema.default !== null
  }

  property(name: string): SchemaNode | undefined {
    const known = this.#properties.get(name)
    if (known !== undefined) return known
    const { properties } = this.schema
    if (properties === undefined || !Object.hasOwn(properties, name)) return undefined
    const node = this.#child(properties[name]!)
    this.#properties.set(name, node)
    return node
  }

  get propertyNames(): readonly string[] {
    this.#propertyNames ??= Object.keys(this.schema.properties ?? {})
    return this.#propertyNames
  }

  get namesWithDefault(): readonly string[] {
    this.#namesWithDefault ??= this.propertyNames.filter((name) => this.property(name)!.hasDefault)
    return this.#namesWithDefault
  }

  /** Undefined without `items`, and for the array form of it, which structural schemas forbid. */
  get items(): SchemaNode | undefined {
    const { items } = this.schema
    if (items === undefined || Array.isArray(items)) return undefined
    this.#items ??= this.#child(items as JSONSchemaProps)
    return this.#items
  }

  /** Whether `additionalProperties` is there at all, be it a schema, true or false. */
  get definesAdditionalProperties(): boolean {
    return this.schema.additionalProperties !== undefined
  }

  /** The schema form of `additionalProperties`. */
  get additionalProperties(): SchemaNode | undefined {
    const { additionalProperties } = this.schema
    if (typeof additionalProperties !== 'object') return undefined
    this.#additionalProperties ??= this.#child(additionalProperties)
    return this.#additionalProperties
  }

  /** The schema that a field of an object has: that of the property, else of `additionalProperties`. */
  field(name: string): SchemaNode | undefined {
    return this.property(name) ?? this.additionalProperties
  }

  get junctors(): Junctors {
    const { allOf, anyOf, oneOf, not } = this.schema
    this.#junctors ??= {
      allOf: (allOf ?? []).map((schema) => this.#child(schema)),
      anyOf: (anyOf ?? []).map((schema) => this.#child(schema)),
      oneOf: (oneOf ?? []).map((schema) => this.#child(schema)),
      not: not === undefined ? undefined : this.#child(not),
    }
    return this.#junctors
  }

  get pattern(): Pattern | undefined {
    if (this.schema.pattern === undefined || this.schema.pattern === '') return undefined
    this.#pattern ??= this.#compile(this.schema.pattern)
    return this.#pattern
  }

  #compile(pattern: string): Pattern {
    const plain = compilePlainPattern(pattern)
    return plain === undefined ? this.#compilePattern(pattern) : { regexp: plain }
  }

  #child(schema: JSONSchemaProps): SchemaNode {
    return new SchemaNode(schema, this.#compilePattern)
  }
}

interface Junctors {
  readonly allOf: readonly SchemaNode[]
  readonly anyOf: readonly SchemaNode[]
  readonly oneOf: readonly SchemaNode[]
  readonly not: SchemaNode | undefined
}
