import {
  append,
  type FieldError,
  fieldError,
  isDNS1035Label,
  isDNS1123Subdomain,
  isQualifiedName,
  quote,
} from '@k1s/apimachinery'
import { reservedNames } from '../../cel/reserved-names.ts'
import { type ExpressionUse, PolicyCompiler, type PolicyExpression } from './policy-compiler.ts'
import type { MatchCondition, PolicySpec, PolicyVariable } from './policy-types.ts'
import { oneOf, validateMatchResources } from './validate-match-resources.ts'

const failurePolicies = ['Fail', 'Ignore']
const maxMatchConditions = 64

/** What policies of both kinds must fulfil before their own expressions are looked at. */
export function validatePolicyConstraints(
  { failurePolicy, paramKind, matchConstraints }: PolicySpec,
  path: string,
): FieldError[] {
  const matchPath = `${path}.matchConstraints`
  const errors = oneOf(failurePolicy, failurePolicies, `${path}.failurePolicy`)
  if (paramKind !== undefined) append(errors, validateParamKind(paramKind, `${path}.paramKind`))
  if (matchConstraints === undefined) return [...errors, fieldError.required(matchPath, '')]
  append(errors, validateMatchResources(matchConstraints, matchPath))
  if ((matchConstraints.resourceRules ?? []).length === 0) {
    errors.push(fieldError.required(`${matchPath}.resourceRules`, ''))
  }
  return errors
}

function validateParamKind(paramKind: NonNullable<PolicySpec['paramKind']>, path: string): FieldError[] {
  const { apiVersion = '', kind = '' } = paramKind
  return [...validateApiVersion(apiVersion, `${path}.apiVersion`), ...validateKind(kind, `${path}.kind`)]
}

function validateApiVersion(apiVersion: string, path: string): FieldError[] {
  if (apiVersion === '') return [fieldError.required(path, '')]
  const parts = apiVersion === '/' ? ['', ''] : apiVersion.split('/')
  if (parts.length > 2) {
    return [fieldError.invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
  }
  const [version, group = ''] = parts.reverse() as [string, string?]
  return [
    ...(group === '' ? [] : joined(path, group, isDNS1123Subdomain(group))),
    ...(version === ''
      ? [fieldError.invalid(path, apiVersion, 'version must be specified')]
      : joined(path, version, isDNS1035Label(version))),
  ]
}

function validateKind(kind: string, path: string): FieldError[] {
  if (kind === '') return [fieldError.required(path, '')]
  return joined(
    path,
    kind,
    isDNS1035Label(kind.toLowerCase()),
    'may have mixed case, but should otherwise match: ',
  )
}

function joined(path: string, value: string, problems: readonly string[], prefix = ''): FieldError[] {
  return problems.length === 0 ? [] : [fieldError.invalid(path, value, `${prefix}${problems.join(',')}`)]
}

/** They see no variables. */
export function validateMatchConditions(
  { matchConditions = [], paramKind }: PolicySpec,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (matchConditions.length > maxMatchConditions) {
    errors.push(fieldError.tooMany(path, matchConditions.length, maxMatchConditions))
  }
  const compiler = new PolicyCompiler({ hasParams: paramKind !== undefined, hasVariables: false })
  const names = new Set<string>()
  for (const [index, condition] of matchConditions.entries()) {
    append(errors, validateMatchCondition(compiler, condition, `${path}[${index}]`))
    const { name = '' } = condition
    if (names.has(name)) errors.push(fieldError.duplicate(`${path}[${index}].name`, name))
    if (name !== '') names.add(name)
  }
  return errors
}

function validateMatchCondition(
  compiler: PolicyCompiler,
  { name = '', expression = '' }: MatchCondition,
  path: string,
): FieldError[] {
  const trimmed = expression.trim()
  return [
    ...(trimmed === ''
      ? [fieldError.required(`${path}.expression`, '')]
      : validateExpression(compiler, trimmed, 'condition', `${path}.expression`)),
    ...(name === ''
      ? [fieldError.required(`${path}.name`, '')]
      : isQualifiedName(name).map((problem) => fieldError.invalid(`${path}.name`, name, problem))),
  ]
}

/** Makes each variable known to the expressions after it. */
export function validateVariables(
  compiler: PolicyCompiler,
  variables: readonly PolicyVariable[],
  path: string,
): FieldError[] {
  return variables.flatMap(({ name = '', expression = '' }, index) => {
    const at = `${path}[${index}]`
    const errors = validateVariableName(name, `${at}.name`)
    if (expression.trim() === '') {
      return [...errors, fieldError.required(`${at}.expression`, 'expression is not specified')]
    }
    const compiled = compiler.declareVariable(name, expression)
    return [...errors, ...expressionErrors(compiled, `${at}.expression`, expression)]
  })
}

const keywords: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in'])

function validateVariableName(name: string, path: string): FieldError[] {
  if (name.trim() === '') return [fieldError.required(path, 'name is not specified')]
  if (/^[_a-zA-Z]\w*$/.test(name) && !reservedNames.has(name) && !keywords.has(name)) return []
  return [fieldError.invalid(path, name, 'must be a valid CEL identifier')]
}

/** `shown` is what the message names where it is not what is compiled. */
export function validateExpression(
  compiler: PolicyCompiler,
  expression: string,
  use: ExpressionUse,
  path: string,
  shown = expression,
): FieldError[] {
  return expressionErrors(compiler.compile(expression, use), path, shown)
}

/** `convertCELErrorToValidationError` of `pkg/apis/admissionregistration/validation`. */
function expressionErrors(
  { error, isInternal }: PolicyExpression,
  path: string,
  shown: string,
): FieldError[] {
  if (error === undefined) return []
  return [
    isInternal === true
      ? fieldError.internal(path, new Error(error))
      : fieldError.invalid(path, shown, error),
  ]
}

const staticSuffix = '.static.k8s.io'

/** An API server keeps such names for manifests that it reads from files. */
export function staticNameWarnings(name: string | undefined): string[] {
  if (name?.endsWith(staticSuffix) !== true) return []
  return [
    `metadata.name: names ending with ${quote(staticSuffix)} are reserved for static manifest-based configurations and cannot be managed via the API`,
  ]
}
