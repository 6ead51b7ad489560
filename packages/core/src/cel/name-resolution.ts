import { type CelType, typeOf } from './cel-type.ts'
import { CelTypeValue, type CelValue } from './cel-value.ts'
import type { CelEnvironment } from './environment.ts'
import type { Expression } from './expression.ts'

/** What a name stands for; the value is known of types and constants. */
export interface Resolved {
  readonly type: CelType
  readonly value?: CelValue
}

/** The names at a place of an expression: variables of comprehensions around it, and those of the environment. */
export class NameResolution {
  readonly #environment: CelEnvironment
  /** The innermost last. */
  readonly #locals: { readonly name: string; readonly type: CelType }[] = []

  constructor(environment: CelEnvironment) {
    this.#environment = environment
  }

  get depth(): number {
    return this.#locals.length
  }

  declare(name: string, type: CelType): void {
    this.#locals.push({ name, type })
  }

  /** Forgets what was declared since. */
  leave(depth: number): void {
    this.#locals.length = depth
  }

  local(name: string): Resolved | undefined {
    return this.#locals.findLast((local) => local.name === name)
  }

  resolve(name: string): Resolved | undefined {
    return this.local(name) ?? this.global(name)
  }

  global(name: string): Resolved | undefined {
    const { variables, declarations, types } = this.#environment
    const plain = withoutDot(name)
    if (Object.hasOwn(variables, plain)) return { type: variables[plain]! }
    const constant = declarations.findConstant(plain)
    if (constant) return constant
    const objectType = types?.findType(plain)
    return objectType && { type: typeOf(objectType), value: new CelTypeValue(plain) }
  }
}

/** A name as the environment has it: a leading dot only says that no variable of a comprehension is meant. */
export const withoutDot = (name: string): string => (name.startsWith('.') ? name.slice(1) : name)

/** `a.b.c` as one name; undefined for anything but names. */
export function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name
  if (expression.kind !== 'select' || expression.testOnly) return undefined
  const prefix = qualifiedName(expression.operand)
  return prefix === undefined ? undefined : `${prefix}.${expression.field}`
}
