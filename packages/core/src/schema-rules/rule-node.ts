import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { type CompiledRule, compileRules } from './compile-rule.ts'
import { withResourceProperties } from './resource-properties.ts'
import { isEmbedded, isVisible, itemsOf, valuesOf } from './schema-type.ts'

const withRules = new WeakMap<JSONSchemaProps, boolean>()

/** Whether a schema or one below it has rules. Within anyOf, oneOf and not they have no meaning. */
export function hasRules(schema: JSONSchemaProps): boolean {
  let known = withRules.get(schema)
  if (known === undefined) {
    const { properties, allOf = [] } = schema
    const items = itemsOf(schema)
    const values = valuesOf(schema)
    known =
      (schema['x-kubernetes-validations']?.length ?? 0) > 0 ||
      (items !== undefined && hasRules(items)) ||
      (values !== undefined && hasRules(values)) ||
      (properties !== undefined && Object.values(properties).some(hasRules)) ||
      allOf.some(hasRules)
    withRules.set(schema, known)
  }
  return known
}

/**
 * The rules of one schema and of those below it. Nodes come into being, and rules are compiled, when a value first
 * reaches them.
 *
 * Follows `Validator` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`.
 */
export class RuleNode {
  /** Says what values are, also to rules that stand in an allOf of it. */
  readonly schema: JSONSchemaProps
  readonly isResource: boolean
  /** Holds the rules: `schema` or a part of its allOf. */
  readonly #ruled: JSONSchemaProps
  /** The schema as rules around it see it. */
  readonly #typed: JSONSchemaProps
  readonly #properties = new Map<string, RuleNode | undefined>()
  #rules: readonly CompiledRule[] | undefined
  #items: RuleNode | undefined
  #values: RuleNode | undefined
  #allOf: readonly RuleNode[] | undefined

  constructor(schema: JSONSchemaProps, isResource: boolean, ruled = schema, typed = schema) {
    this.schema = schema
    this.isResource = isResource
    this.#ruled = ruled
    this.#typed = typed
  }

  get hasOwnRules(): boolean {
    return (this.#ruled['x-kubernetes-validations']?.length ?? 0) > 0
  }

  get rules(): readonly CompiledRule[] {
    this.#rules ??= this.#compile()
    return this.#rules
  }

  #compile(): readonly CompiledRule[] {
    const rules = this.#ruled['x-kubernetes-validations'] ?? []
    return compileRules(rules, { schema: this.#typed, isResource: this.isResource })
  }

  get items(): RuleNode | undefined {
    this.#items ??= this.#below(itemsOf(this.schema), itemsOf(this.#ruled), itemsOf(this.#typed))
    return this.#items
  }

  /** The rules of the values of a map. */
  get values(): RuleNode | undefined {
    this.#values ??= this.#below(valuesOf(this.schema), valuesOf(this.#ruled), valuesOf(this.#typed))
    return this.#values
  }

  property(name: string): RuleNode | undefined {
    if (this.#properties.has(name)) return this.#properties.get(name)
    const typed = this.isResource ? withResourceProperties(this.#typed) : this.#typed
    const node = this.#below(
      propertyNamed(this.schema, name),
      propertyNamed(this.#ruled, name),
      propertyNamed(typed, name),
    )
    this.#properties.set(name, node)
    return node
  }

  get allOf(): readonly RuleNode[] {
    this.#allOf ??= (this.#ruled.allOf ?? [])
      .filter(hasRules)
      .map((part) => new RuleNode(this.schema, this.isResource, part, this.#typed))
    return this.#allOf
  }

  /** Values that rules cannot see have none themselves. */
  #below(
    schema: JSONSchemaProps | undefined,
    ruled: JSONSchemaProps | undefined,
    typed: JSONSchemaProps | undefined,
  ): RuleNode | undefined {
    if (schema === undefined || ruled === undefined || typed === undefined) return undefined
    if (!hasRules(ruled) || !isVisible(typed)) return undefined
    return new RuleNode(schema, isEmbedded(schema), ruled, typed)
  }
}

function propertyNamed({ properties }: JSONSchemaProps, name: string): JSONSchemaProps | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
}
