import {
  boolType,
  type CelType,
  dynType,
  formatCelType,
  listType,
  nullType,
  stringType,
} from '../../cel/cel-type.ts'
import { type CompiledExpression, compileExpression } from '../../cel/compile.ts'
import { type CelEnvironment, type CelLibrary, createCelEnvironment } from '../../cel/environment.ts'
import { kubernetesLibraries } from '../../cel/library/index.ts'
import { jsonPatchLibrary } from '../../cel/library/json-patch.ts'
import { CelProgramError } from '../../cel/program-error.ts'
import { CelCompileError } from '../../cel/source-error.ts'
import { jsonPatchType, objectRootType, patchTypes } from './patch-types.ts'
import { objectType, policyVariables } from './policy-variables.ts'

/** What an expression is for, which decides what it may evaluate to. */
export type ExpressionUse =
  | 'condition'
  | 'message'
  | 'audit annotation'
  | 'variable'
  | 'apply configuration'
  | 'JSON patch'

/** An expression that can be evaluated, or why it cannot. */
export interface PolicyExpression {
  readonly expression: string
  readonly program?: CompiledExpression
  readonly error?: string
  /** The error is one that Kubernetes takes for its own: a part of the expression is constant, and fails. */
  readonly isInternal?: true
}

/** What may come out, by use; a variable may be anything. */
const results: { readonly [use in ExpressionUse]?: readonly CelType[] } = {
  condition: [boolType],
  message: [stringType],
  'audit annotation': [stringType, nullType],
  'apply configuration': [objectRootType],
  'JSON patch': [listType(jsonPatchType)],
}

// Environments share what is made of an array of libraries.
let patchLibraries: readonly CelLibrary[] | undefined

interface PolicyCompilerOptions {
  readonly hasParams: boolean
  readonly hasVariables: boolean
  /** Of variables whose type is known better than that of any object. */
  readonly types?: Readonly<Record<string, CelType>>
}

/** What errors of the language begin with. */
export const compilationPrefix = 'compilation failed: '

/**
 * Compiles the expressions of one policy, in which variables see those before them: `CompositedCompiler` of
 * `k8s.io/apiserver/pkg/admission/plugin/cel`.
 */
export class PolicyCompiler {
  readonly #variables = new Map<string, PolicyExpression>()
  readonly #variableTypes: Record<string, CelType> = Object.create(null)
  readonly #declared: Readonly<Record<string, CelType>>
  #environment: CelEnvironment | undefined
  #patchEnvironment: CelEnvironment | undefined

  constructor({ hasParams, hasVariables, types = {} }: PolicyCompilerOptions) {
    const variablesType = {
      ...objectType('kubernetes.variables', {}),
      field: (name: string) => this.#variableTypes[name],
    }
    this.#declared = {
      ...policyVariables,
      ...(hasVariables && { variables: variablesType }),
      ...(hasParams && { params: dynType }),
      ...types,
    }
  }

  /** By name, in the order in which they were declared. */
  get variables(): ReadonlyMap<string, PolicyExpression> {
    return this.#variables
  }

  declareVariable(name: string, expression: string): PolicyExpression {
    const compiled = this.compile(expression, 'variable')
    this.#variableTypes[name] = variableType(compiled.program?.resultType)
    this.#variables.set(name, compiled)
    return compiled
  }

  compile(expression: string, use: ExpressionUse): PolicyExpression {
    const makesPatch = use === 'apply configuration' || use === 'JSON patch'
    try {
      const program = compileExpression(expression, makesPatch ? this.#forPatches() : this.#plain())
      const error = resultError(program.resultType, use)
      return error === undefined ? { expression, program } : { expression, error }
    } catch (error) {
      if (error instanceof CelCompileError)
        return { expression, error: `${compilationPrefix}${error.message}` }
      if (!(error instanceof CelProgramError)) throw error
      const typeError = resultError(error.resultType, use)
      if (typeError !== undefined) return { expression, error: typeError }
      return { expression, error: `program instantiation failed: ${error.message}`, isInternal: true }
    }
  }

  #plain(): CelEnvironment {
    this.#environment ??= createCelEnvironment({ variables: this.#declared, libraries: kubernetesLibraries })
    return this.#environment
  }

  #forPatches(): CelEnvironment {
    patchLibraries ??= [...kubernetesLibraries, jsonPatchLibrary]
    this.#patchEnvironment ??= createCelEnvironment({
      variables: this.#declared,
      libraries: patchLibraries,
      types: patchTypes,
    })
    return this.#patchEnvironment
  }
}

/** What is wrong with a result of this type. */
function resultError(type: CelType, use: ExpressionUse): string | undefined {
  const wanted = results[use]?.map(formatCelType)
  const made = formatCelType(type)
  if (wanted === undefined || wanted.includes(made)) return undefined
  const expected = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(' ')}]`
  return `must evaluate to ${expected} but got ${made}`
}

const scalars = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'null', 'string', 'timestamp', 'uint'])

/** How others see a variable: `convertCelTypeToDeclType`, which knows neither objects nor types of libraries. */
function variableType(type: CelType = dynType): CelType {
  if (scalars.has(type.kind)) return type
  if (type.kind === 'list') return listType(variableType(type.element))
  if (type.kind === 'map') {
    return { kind: 'map', key: variableType(type.key), value: variableType(type.value) }
  }
  return dynType
}
