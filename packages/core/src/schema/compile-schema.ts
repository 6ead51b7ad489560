import {
  append,
  type FieldError,
  type FieldErrorType,
  fieldError,
  type Unstructured,
} from '@k1s/apimachinery'
import type { EvaluateRules } from '../schema-rules/evaluate-rules.ts'
import { Correlation } from './correlation.ts'
import { applyDefaults, dropNulls } from './defaulting.ts'
import { coerceEmbeddedMetadata, validateEmbeddedResources } from './embedded-resource.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'
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
  /** Given for rules that nobody has checked yet: the error to be thrown if they are wrong. */
  readonly invalidRules?: (errors: readonly FieldError[]) => Error
}

/**
 * Makes a version's `schema.openAPIV3Schema` ready for use. The schema must be a valid structural one, as
 * `validateCustomResourceDefinition` ensures. This is cheap: its parts are compiled when a value first reaches
 * them.
 */
export function compileSchema(schema: JSONSchemaProps, options: CompileSchemaOptions = {}): ResourceSchema {
  const root = new SchemaNode(schema, options.compilePattern ?? withoutPatterns)
  const keepsUnknown = options.preserveUnknownFields === true
  let evaluateRules: EvaluateRules | undefined
  let loading: Promise<void> | undefined
  let known: SchemaFeatures | undefined
  const features = () => {
    known ??= featuresOf(schema)
    return known
  }
  return {
    props: schema,
    prune(object) {
      const unknown = coerceValidObjectMeta(object.metadata, 'metadata')
      if (!keepsUnknown) append(unknown, prune(object, root, true))
      if (!keepsUnknown) dropNulls(object, root)
      if (features().embeddedResources) append(unknown, coerceEmbeddedMetadata(object, root, ''))
      return unknown
    },
    applyDefaults(object) {
      applyDefaults(object, root)
      if (!keepsUnknown) dropNulls(object, root)
    },
    loadRules() {
      if (!features().rules || evaluateRules !== undefined) return undefined
      loading ??= loadRules(root, options).then((evaluate) => {
        evaluateRules = evaluate
      })
      return loading
    },
    validate(object, old, context = {}) {
      const errors = validate(object, old, root, features())
      if (!features().rules) return errors
      if (evaluateRules === undefined) throw new Error('the rules of the schema have not been loaded')
      if ([...(context.errors ?? []), ...errors].some(isBlocking)) return [...errors, rulesNotChecked]
      return [...errors, ...evaluateRules(object, old, context.warn)]
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
  if (embeddedResources) append(errors, validateEmbeddedResources(object, root))
  if (!listTypes) return errors
  const listErrors = validateListTypes(object, root)
  if (listErrors.length === 0) return errors
  // Lists that were wrong before may stay so.
  if (old !== undefined && validateListTypes(old, root).length > 0) return errors
  return [...errors, ...listErrors]
}

async function loadRules(root: SchemaNode, { invalidRules }: CompileSchemaOptions): Promise<EvaluateRules> {
  const { rulesOf } = await import('../schema-rules/evaluate-rules.ts')
  if (invalidRules === undefined) return rulesOf(root)
  const { checkRules } = await import('../schema-rules/check-rules.ts')
  const errors = checkRules(root.schema, 'schema', [])
  if (errors.length > 0) throw invalidRules(errors)
  return rulesOf(root)
}

const blockingTypes: ReadonlySet<FieldErrorType> = new Set<FieldErrorType>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** Rules may assume what the types and limits of their schema say. */
function isBlocking({ type }: FieldError): boolean {
  return blockingTypes.has(type)
}

const rulesNotChecked = fieldError.invalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)
