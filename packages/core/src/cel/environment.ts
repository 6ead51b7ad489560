import type { CelObjectType, CelType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import type { CostBudget } from './cost-budget.ts'
import type { Expression } from './expression.ts'
import { type CelMacro, standardMacros } from './macros.ts'
import { standardLibrary } from './standard-library.ts'

/** One signature of a function. */
export interface CelOverload {
  /** Unique in an environment, as in cel-go: `string_to_int64`. */
  readonly id: string
  /** Called as `receiver.name(…)`; the receiver is the first parameter. */
  readonly receiver?: true
  readonly params: readonly CelType[]
  readonly result: CelType
  /**
   * Called with values that are of the parameters' types: those that are only known when evaluating are looked at
   * before. A CelEvaluationError that it throws is the result of the call.
   */
  readonly call?: (...args: CelValue[]) => CelValue
  /** Looks at the arguments that are constants, once. A CelEvaluationError that it throws ends the compilation. */
  readonly prepare?: (constants: readonly (CelValue | undefined)[]) => void
  /** What a call costs, once it is done, in the units of Kubernetes' `CallCost`; 1 without. */
  readonly cost?: (args: readonly CelValue[], result: CelValue, budget: CostBudget) => number
  /** What a call costs, charged before it is made, for those whose work can be far more than their result tells. */
  readonly costBefore?: (args: readonly CelValue[]) => number
  /**
   * Steps of about 0.1 µs that a call takes and that its cost does not tell; counted before it is made. What takes long
   * to find out counts towards the budget by itself: of a list that holds another twice, all has to be gone through.
   */
  readonly work?: (args: readonly CelValue[], budget: CostBudget) => number
}

export interface CelFunction {
  /** With its namespace, as in `optional.of`. */
  readonly name: string
  readonly overloads: readonly CelOverload[]
  /** One implementation for all overloads, which looks at the values itself. */
  readonly call?: (...args: CelValue[]) => CelValue
}

/** Told what is wrong with an expression: `offset` is that of an expression. */
export type ReportIssue = (offset: number, message: string) => void

export interface CelLibrary {
  readonly name: string
  readonly functions?: readonly CelFunction[]
  readonly macros?: readonly CelMacro[]
  /** Names for values, such as those of the library's types: `{ 'net.IP': new CelTypeValue('net.IP') }`. */
  readonly constants?: Readonly<Record<string, { readonly type: CelType; readonly value: CelValue }>>
  /** Functions in whose arguments the elements of a list may be of several types, such as `format`. */
  readonly mixedLiteralsIn?: readonly string[]
  /** Looks at an expression that has been checked. */
  readonly validate?: (expression: Expression, report: ReportIssue) => void
}

/** Makes messages such as `Object.spec{replicas: 1}`. */
export interface CelTypeProvider {
  findType(name: string): CelObjectType | undefined
  /** @param fields those that the literal gives, by name */
  newObject(type: CelObjectType, fields: ReadonlyMap<string, CelValue>): CelValue
}

export interface CelEnvironmentOptions {
  readonly variables?: Readonly<Record<string, CelType>>
  /** Beside the standard library. Environments that are given the same array share what is made of it. */
  readonly libraries?: readonly CelLibrary[]
  readonly types?: CelTypeProvider
}

/** What expressions may name. Cheap to make: an environment per schema is what it is meant for. */
export class CelEnvironment {
  readonly variables: Readonly<Record<string, CelType>>
  readonly declarations: Declarations
  readonly types: CelTypeProvider | undefined

  constructor({ variables = {}, libraries = NO_LIBRARIES, types }: CelEnvironmentOptions) {
    this.variables = variables
    this.declarations = declarationsOf(libraries)
    this.types = types
  }
}

export const createCelEnvironment = (options: CelEnvironmentOptions = {}): CelEnvironment =>
  new CelEnvironment(options)

const NO_LIBRARIES: readonly CelLibrary[] = []
const declarationsByLibraries = new WeakMap<readonly CelLibrary[], Declarations>()

function declarationsOf(libraries: readonly CelLibrary[]): Declarations {
  const known = declarationsByLibraries.get(libraries)
  if (known) return known
  const declarations = new Declarations([standardLibrary, ...libraries])
  declarationsByLibraries.set(libraries, declarations)
  return declarations
}

/** A function with the overloads that all libraries give it. */
export interface DeclaredFunction {
  readonly name: string
  readonly overloads: readonly DeclaredOverload[]
}

export interface DeclaredOverload extends CelOverload {
  readonly call: (...args: CelValue[]) => CelValue
  /** The implementation looks at the types of its arguments itself. */
  readonly dispatches: boolean
}

/** What a set of libraries declares. */
export class Declarations {
  readonly libraries: readonly CelLibrary[]
  readonly #functions = new Map<string, { name: string; overloads: DeclaredOverload[] }>()
  readonly #overloads = new Map<string, DeclaredOverload>()
  readonly #macros = new Map<string, CelMacro>()
  readonly #constants = new Map<string, { readonly type: CelType; readonly value: CelValue }>()
  readonly mixedLiteralsIn: ReadonlySet<string>

  constructor(libraries: readonly CelLibrary[]) {
    this.libraries = libraries
    for (const macro of standardMacros) this.#addMacro(macro)
    for (const library of libraries) {
      for (const macro of library.macros ?? []) this.#addMacro(macro)
      for (const declared of library.functions ?? []) this.#addFunction(declared)
      for (const [name, constant] of Object.entries(library.constants ?? {}))
        this.#constants.set(name, constant)
    }
    this.mixedLiteralsIn = new Set(libraries.flatMap((library) => library.mixedLiteralsIn ?? []))
  }

  findFunction(name: string): DeclaredFunction | undefined {
    return this.#functions.get(name)
  }

  findOverload(id: string): DeclaredOverload | undefined {
    return this.#overloads.get(id)
  }

  findConstant(name: string): { readonly type: CelType; readonly value: CelValue } | undefined {
    return this.#constants.get(name)
  }

  readonly findMacro = (name: string, receiver: boolean, argumentCount: number): CelMacro | undefined =>
    this.#macros.get(macroKey(name, receiver, argumentCount))

  #addMacro(macro: CelMacro): void {
    this.#macros.set(macroKey(macro.name, macro.receiver, macro.argumentCount), macro)
  }

  #addFunction(declared: CelFunction): void {
    let known = this.#functions.get(declared.name)
    if (!known) {
      known = { name: declared.name, overloads: [] }
      this.#functions.set(declared.name, known)
    }
    for (const overload of declared.overloads) {
      const call = declared.call ?? overload.call
      if (!call) throw new Error(`overload ${overload.id} of ${declared.name} has no implementation`)
      const complete = { ...overload, call, dispatches: declared.call !== undefined }
      known.overloads.push(complete)
      this.#overloads.set(overload.id, complete)
    }
  }
}

const macroKey = (name: string, receiver: boolean, argumentCount: number) =>
  `${receiver ? 'member' : 'global'} ${name}/${argumentCount}`
