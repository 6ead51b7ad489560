import { equalJson, type JsonObject, quote } from '@k1s/apimachinery'
import type { Correlation } from './correlation.ts'
import { matchesFormat } from './formats.ts'
import type { SchemaNode } from './schema-node.ts'
import { isNearInteger, validateNumber } from './validate-number.ts'
import { ValidationResult } from './validation-result.ts'

/**
 * Validates `value` against one schema and all below it, and adds to `result`. All checks that apply to the
 * value's own type run, also if the type is not the right one. With a `correlation`, errors within a value that
 * did not change are left out.
 *
 * Follows `SchemaValidator` of `k8s.io/kube-openapi/pkg/validation/validate` and `RatchetingSchemaValidator` of
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/validation`, errors in their order. Where these iterate over a Go
 * map, the order here is that of the object or schema.
 */
export function validateValue(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  if (correlation === undefined) {
    checkValue(value, node, path, undefined, result)
    return
  }
  const ownResult = new ValidationResult()
  checkValue(value, node, path, correlation, ownResult)
  if (ownResult.isValid || !correlation.isUnchanged) result.merge(ownResult)
  else result.matchCount += ownResult.matchCount
}

function checkValue(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  if (value === null) {
    checkNull(node, path, result)
    return
  }
  if (node.types !== '' || node.format !== '') {
    checkType(value, node, path, result)
    result.matchCount++
  }
  checkJunctors(value, node, path, correlation, result)
  result.matchCount++
  if (typeof value === 'string') {
    checkString(value, node, path, result)
    result.matchCount++
    if (node.hasStringFormat) {
      if (!matchesFormat(node.format, value)) result.wrongType(path, node.format, value)
      result.matchCount++
    }
  } else if (typeof value === 'number') {
    validateNumber(value, node, path, result)
    result.matchCount += 2
  } else if (Array.isArray(value)) {
    checkArray(value, node, path, correlation, result)
    result.matchCount += 2
  }
  checkEnum(value, node, path, result)
  result.matchCount++
  if (typeof value === 'object' && !Array.isArray(value)) {
    checkObject(value as JsonObject, node, path, correlation, result)
    result.matchCount++
  }
  result.matchCount++
}

function checkNull(node: SchemaNode, path: string, result: ValidationResult): void {
  if (node.types !== '' && !node.nullable) result.wrongType(path, node.types, 'null')
  else result.matchCount++
  if ((node.schema.enum?.length ?? 0) > 0) result.notSupported(path, null, node.schema.enum!)
}

/** The name of a value's type. */
function typeOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number'
    default:
      return Array.isArray(value) ? 'array' : 'object'
  }
}

/** The format in Go of a number's type. */
function formatOf(type: string): string {
  if (type === 'integer') return 'int64'
  return type === 'number' ? 'float64' : ''
}

function checkType(value: unknown, node: SchemaNode, path: string, result: ValidationResult): void {
  const type = typeOf(value)
  const isNumeric = typeof value === 'number' && (node.isNumber || (node.isInteger && isNearInteger(value)))
  const matches = node.hasType(type) || isNumeric
  const isTextOrList = type === 'string' || type === 'array'
  if (node.format !== '' && !isTextOrList && !matches && formatOf(type) !== node.format) {
    result.wrongType(path, node.format, formatOf(type))
  } else if (node.format !== '' && isTextOrList && !node.isInteger && !node.isNumber) {
    // The check of the format decides. A list, which has none, gets through, as in Kubernetes.
    result.matchCount++
  } else if (matches) {
    result.matchCount++
  } else {
    result.wrongType(path, node.types, type)
  }
}

/** The first violation of a text; longer ones are not looked into. */
function checkString(value: string, node: SchemaNode, path: string, result: ValidationResult): void {
  const { maxLength, minLength } = node.schema
  // A code point is at most two UTF-16 units.
  if (maxLength !== undefined && value.length > maxLength && countCodePoints(value) > maxLength) {
    result.tooLong(path, maxLength)
    return
  }
  if (minLength !== undefined && value.length < minLength * 2 && countCodePoints(value) < minLength) {
    result.invalid(path, value, `should be at least ${minLength} chars long`)
    return
  }
  const { pattern } = node
  if (pattern === undefined) return
  if ('error' in pattern) {
    result.invalid(
      path,
      value,
      `should match '${node.schema.pattern}, but pattern is invalid: ${pattern.error}'`,
    )
  } else if (!pattern.regexp.test(value)) {
    result.invalid(path, value, `should match '${node.schema.pattern}'`)
  }
}

function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function checkEnum(value: unknown, node: SchemaNode, path: string, result: ValidationResult): void {
  const allowed = node.schema.enum
  if (allowed === undefined || allowed.length === 0 || allowed.some((one) => isEnumValue(value, one))) return
  result.notSupported(path, value, allowed)
}

/** A fraction is compared to an integer by its integral part, as a conversion in Go does. */
function isEnumValue(value: unknown, allowed: unknown): boolean {
  if (typeof value === 'number' && Number.isInteger(allowed)) return Math.trunc(value) === allowed
  return equalJson(value, allowed)
}

function checkArray(
  items: readonly unknown[],
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  const { minItems, maxItems, uniqueItems } = node.schema
  const itemNode = node.items
  if (itemNode !== undefined) {
    for (let index = 0; index < items.length; index++) {
      validateValue(items[index], itemNode, `${path}[${index}]`, correlation?.item(index), result)
    }
  }
  if (minItems !== undefined && items.length < minItems) {
    result.invalid(path, items.length, `should have at least ${minItems} items`)
  }
  if (maxItems !== undefined && items.length > maxItems) result.tooManyItems(path, items.length, maxItems)
  if (uniqueItems === true && !areUnique(items)) result.invalid(path, '', "shouldn't contain duplicates")
}

function areUnique(items: readonly unknown[]): boolean {
  return items.every((item, index) => !items.slice(0, index).some((earlier) => equalJson(earlier, item)))
}

function checkObject(
  object: JsonObject,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  const { minProperties, maxProperties, required, additionalProperties } = node.schema
  const names = Object.keys(object)
  if (minProperties !== undefined && names.length < minProperties) {
    result.invalid(path, names.length, `should have at least ${minProperties} properties`)
  }
  if (maxProperties !== undefined && names.length > maxProperties) {
    result.tooManyProperties(path, names.length, maxProperties)
  }
  if (additionalProperties !== undefined) {
    for (const name of names) {
      if (node.property(name) === undefined) checkAdditional(object, name, node, path, correlation, result)
    }
  }
  for (const name of names) {
    const property = node.property(name)
    if (property === undefined) continue
    const fieldPath = path === '' ? name : `${path}.${name}`
    const isTypeMeta = path === '' && (name === 'kind' || name === 'apiVersion')
    validateValue(
      object[name],
      property,
      fieldPath,
      isTypeMeta ? undefined : correlation?.field(name),
      result,
    )
  }
  if (required === undefined) return
  for (const name of required) if (!Object.hasOwn(object, name)) result.required(`${path}.${name}`)
}

function checkAdditional(
  object: JsonObject,
  name: string,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  const { additionalProperties } = node
  if (additionalProperties !== undefined) {
    validateValue(object[name], additionalProperties, `${path}.${name}`, correlation?.field(name), result)
  } else if (node.schema.additionalProperties === false) {
    result.forbiddenProperty(path, name)
  }
}

function checkJunctors(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  result: ValidationResult,
): void {
  result.matchCount++
  if (!node.hasJunctors) return
  const { anyOf, oneOf, allOf, not } = node.junctors
  const validate = (alternative: SchemaNode) => {
    const outcome = new ValidationResult()
    checkValue(value, alternative, path, correlation, outcome)
    return outcome
  }
  if (anyOf.length > 0) checkAnyOf(anyOf, validate, path, result)
  if (oneOf.length > 0) checkOneOf(oneOf.map(validate), path, result)
  if (allOf.length > 0) checkAllOf(allOf.map(validate), path, result)
  if (not !== undefined && validate(not).isValid) {
    result.general(`${quote(path)} must not validate the schema (not)`)
  }
}

function checkAnyOf(
  alternatives: readonly SchemaNode[],
  validate: (alternative: SchemaNode) => ValidationResult,
  path: string,
  result: ValidationResult,
): void {
  const failures: ValidationResult[] = []
  for (const alternative of alternatives) {
    const outcome = validate(alternative)
    if (outcome.isValid) {
      result.matchCount += outcome.matchCount
      return
    }
    failures.push(outcome)
  }
  result.general(`${quote(path)} must validate at least one schema (anyOf)`)
  result.merge(closest(failures))
}

function checkOneOf(outcomes: readonly ValidationResult[], path: string, result: ValidationResult): void {
  const valid = outcomes.filter((outcome) => outcome.isValid)
  if (valid.length === 1) {
    result.matchCount += valid[0]!.matchCount
    return
  }
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`
  result.general(`${quote(path)} must validate one and only one schema (oneOf). ${found}`)
  if (valid.length === 0) result.merge(closest(outcomes))
}

function checkAllOf(outcomes: readonly ValidationResult[], path: string, result: ValidationResult): void {
  for (const outcome of outcomes) result.merge(outcome)
  if (outcomes.every((outcome) => outcome.isValid)) return
  const none = outcomes.some((outcome) => outcome.isValid) ? '' : '. None validated'
  result.general(`${quote(path)} must validate all the schemas (allOf)${none}`)
}

/** The first of those with most passed checks. */
function closest(outcomes: readonly ValidationResult[]): ValidationResult {
  return outcomes.reduce((best, outcome) => (outcome.matchCount > best.matchCount ? outcome : best))
}
