import type { FieldError, Unstructured } from '@k1s/apimachinery'
import { Correlation } from './correlation.ts'
import { applyDefaults, dropNulls } from './defaulting.ts'
import { coerceEmbeddedMetadata, validateEmbeddedResources } from './embedded-resource.ts'
import { hasValidationRules, type JSONSchemaProps } from './json-schema-props.ts'
import { validateListTypes } from './list-type.ts'
import { coerceValidObjectMeta } from './object-meta.ts'
import { prune } from './prune.ts'
import type { ResourceSchema } from './resource-schema.ts'
import { featuresOf, type SchemaFeatures } from './schema-features.ts'
import { type CompilePattern, SchemaNode } from './schema-node.ts'
import { validateValue } from './validate-value.ts'
import { ValidationResult } from './validation-result.ts'

export interface CompileSchemaOptions {
  /** `spec.preserveUnknownFields` of the CustomResourceDefinition: nothing is pruned and nulls stay. */
  readonly preserveUnknownFields?: boolean
  /** Needed if the schema has a `pattern`; see `loadResourceSchema`. */
  readonly compilePattern?: CompilePattern
}

/**
 * Makes a version's `schema.openAPIV3Schema` ready for use. The schema must be a valid structural one, as
 * `validateCustomResourceDefinition` ensures. This is cheap: its parts are compiled when a value first reaches
 * them.
 */
export function compileSchema(schema: JSONSchemaProps, options: CompileSchemaOptions = {}): ResourceSchema {
  const root = new SchemaNode(schema, options.compilePattern ?? withoutPatterns)
  const keepsUnknown = options.preserveUnknownFields === true
  let hasRules: boolean | undefined
  let known: SchemaFeatures | undefined
  const features = () => {
    known ??= featuresOf(schema)
    return known
  }
  return {
    props: schema,
    prune(object) {
      const unknown = coerceValidObjectMeta(object.metadata, 'metadata')
      if (!keepsUnknown) unknown.push(...prune(object, root, true))
      if (!keepsUnknown) dropNulls(object, root)
      if (features().embeddedResources) unknown.push(...coerceEmbeddedMetadata(object, root, ''))
      return unknown
    },
    applyDefaults(object) {
      applyDefaults(object, root)
      if (!keepsUnknown) dropNulls(object, root)
    },
    validate: (object, old) => validate(object, old, root, features()),
    get hasValidationRules() {
      hasRules ??= hasValidationRules(schema)
      return hasRules
    },
  }
}

const withoutPatterns: CompilePattern = (pattern) => {
  throw new Error(`the schema was compiled without patterns, and has one: ${pattern}`)
}

/** In the order of the strategy of custom resources, `pkg/registry/customresource/strategy.go`. */
function validate(
  object: Unstructured,
  old: Unstructured | undefined,
  root: SchemaNode,
  { embeddedResources, listTypes }: SchemaFeatures,
): FieldError[] {
  const result = new ValidationResult()
  const correlation = old === undefined ? undefined : new Correlation(object, old, root)
  validateValue(object, root, '', correlation, result)
  const { errors } = result
  if (embeddedResources) errors.push(...validateEmbeddedResources(object, root))
  if (!listTypes) return errors
  const listErrors = validateListTypes(object, root)
  if (listErrors.length === 0) return errors
  // Lists that were wrong before may stay so.
  if (old !== undefined && validateListTypes(old, root).length > 0) return errors
  return [...errors, ...listErrors]
}
