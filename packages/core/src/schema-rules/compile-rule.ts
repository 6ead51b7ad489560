import { type CelType, optionalType } from '../cel/cel-type.ts'
import { type CompiledExpression, compileExpression } from '../cel/compile.ts'
import { createCelEnvironment } from '../cel/environment.ts'
import { childrenOf, type Expression } from '../cel/expression.ts'
import { kubernetesLibraries } from '../cel/library/index.ts'
import { CelProgramError } from '../cel/program-error.ts'
import { CelCompileError } from '../cel/source-error.ts'
import { findFieldPath } from '../crd/field-path.ts'
import type { ValidationRule } from '../schema/json-schema-props.ts'
import type { SizedSchema } from './schema-size.ts'
import { celTypeOf } from './schema-type.ts'

/** A rule as it can be evaluated, or what is wrong with it. */
export interface CompiledRule {
  readonly source: ValidationRule
  /** Undefined for a rule with an error, and for an empty one. */
  readonly program: CompiledExpression | undefined
  readonly error: string | undefined
  /** It speaks of a change. */
  readonly usesOldSelf: boolean
  readonly messageProgram: CompiledExpression | undefined
  readonly messageError: string | undefined
  /** What is appended to the path of the value that breaks the rule; may be empty. */
  readonly fieldPath: string
}

/**
 * Compiles the rules of one schema. `typed` is how they see it, `rules` stand at it or in an allOf of it.
 *
 * Follows `Compile` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`, with one environment for new and
 * for stored expressions.
 */
export function compileRules(rules: readonly ValidationRule[], typed: SizedSchema): readonly CompiledRule[] {
  const self = celTypeOf(typed.schema, typed.isResource, 'selfType')
  if (self === undefined) {
    const error = 'failed to convert to declType for CEL validation rules'
    return rules.map((source) => ({ ...emptyRule(source), error }))
  }
  return rules.map((source) => compileRule(source, self, typed))
}

function emptyRule(source: ValidationRule): CompiledRule {
  return {
    source,
    program: undefined,
    error: undefined,
    usesOldSelf: false,
    messageProgram: undefined,
    messageError: undefined,
    fieldPath: '',
  }
}

function compileRule(source: ValidationRule, self: CelType, { schema }: SizedSchema): CompiledRule {
  const { rule = '', messageExpression = '', fieldPath = '', optionalOldSelf } = source
  const empty = emptyRule(source)
  if (rule.trim() === '') return empty
  const oldSelf = optionalOldSelf === true ? optionalType(self) : self
  const variables = { self, oldSelf }
  const compiled = compile(rule, variables, 'bool')
  if ('notCompiled' in compiled) return { ...empty, error: `compilation failed: ${compiled.notCompiled}` }
  if ('wrongType' in compiled) return { ...empty, error: 'cel expression must evaluate to a bool' }
  if ('noProgram' in compiled)
    return { ...empty, error: `program instantiation failed: ${compiled.noProgram}` }
  const found = fieldPath === '' ? undefined : findFieldPath(fieldPath, schema)
  const done = {
    ...empty,
    program: compiled.program,
    usesOldSelf: mentions(compiled.program.checked, 'oldSelf'),
    fieldPath: found !== undefined && 'path' in found ? found.path : '',
  }
  if (messageExpression === '') return done
  const message = compile(messageExpression, variables, 'string')
  if ('notCompiled' in message) {
    return { ...done, messageError: `messageExpression compilation failed: ${message.notCompiled}` }
  }
  if ('wrongType' in message) return { ...done, messageError: 'messageExpression must evaluate to a string' }
  if ('noProgram' in message) {
    return { ...done, messageError: `messageExpression instantiation failed: ${message.noProgram}` }
  }
  return { ...done, messageProgram: message.program }
}

type Compilation =
  | { readonly program: CompiledExpression }
  | { readonly notCompiled: string }
  | { readonly wrongType: true }
  | { readonly noProgram: string }

function compile(
  source: string,
  variables: Readonly<Record<string, CelType>>,
  kind: 'bool' | 'string',
): Compilation {
  try {
    const program = compileExpression(
      source,
      createCelEnvironment({ variables, libraries: kubernetesLibraries }),
    )
    return program.resultType.kind === kind ? { program } : { wrongType: true }
  } catch (error) {
    if (error instanceof CelCompileError) return { notCompiled: error.message }
    if (!(error instanceof CelProgramError)) throw error
    return error.resultType.kind === kind ? { noProgram: error.message } : { wrongType: true }
  }
}

/** Whether an expression says a name, be it only as the variable of a macro, which Kubernetes does not tell apart. */
function mentions(expression: Expression, name: string): boolean {
  if (expression.kind === 'identifier') return expression.name.replace(/^\./, '') === name
  return childrenOf(expression).some((inner) => mentions(inner, name))
}
