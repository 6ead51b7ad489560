import type { CelType } from '../../cel/cel-type.ts'
import type { CelValue } from '../../cel/cel-value.ts'
import type { Expression } from '../../cel/expression.ts'
import { codePointCount } from '../../cel/value-size.ts'
import type { Operand, OperandSizes } from './call-cost.ts'
import { anything, exactly, once, type Range, union } from './range.ts'

/**
 * The greatest size of what a path leads to: a variable, then names of fields, `@items`, `@values`, `@keys` and
 * `@indices`. Undefined where that is not known.
 */
export type SizeOf = (path: readonly string[]) => number | undefined

/** The sizes of the keys and values that a list or map holds. */
interface EntrySizes {
  readonly container: 'list' | 'map'
  readonly key: Range
  readonly value: Range
}

interface LocalVariable {
  readonly path: readonly string[]
  readonly size: Range | undefined
  readonly entries: EntrySizes | undefined
}

const isAccumulator = (name: string | undefined) => name === '__result__' || name === '@result'

/** What an estimate of costs has found out of the expressions that it went through: where values are from and their sizes. */
export class KnownSizes {
  readonly #greatest: SizeOf
  readonly #paths = new Map<Expression, readonly string[]>()
  readonly #sizes = new Map<Expression, Range>()
  readonly #entries = new Map<Expression, EntrySizes>()
  readonly #locals = new Map<string, LocalVariable[]>()
  readonly operandSizes: OperandSizes = {
    of: (operand) => operand.size ?? this.#sizeAt(operand.path) ?? anything,
    itemsOf: ({ type, path }) => {
      const items = typeParameter(type)
      return (
        items && {
          type: items,
          path: path && [...path, '@items'],
          expression: undefined,
          size: undefined,
        }
      )
    },
  }

  constructor(greatest: SizeOf) {
    this.#greatest = greatest
  }

  setPath(expression: Expression, path: readonly string[]): void {
    this.#paths.set(expression, path)
  }

  setSize(expression: Expression, size: Range): void {
    this.#sizes.set(expression, size)
  }

  setEntries(expression: Expression, entries: EntrySizes): void {
    this.#entries.set(expression, entries)
  }

  joinEntries(expression: Expression, [left, right]: readonly Expression[]): void {
    const a = this.entriesOf(left!)
    const b = this.entriesOf(right!)
    if (a === undefined || b === undefined) return
    this.#entries.set(expression, {
      container: a.container,
      key: union(a.key, b.key),
      value: union(a.value, b.value),
    })
  }

  pushAccumulator(name: string, init: Expression): void {
    this.#push(name, {
      path: this.pathOf(init),
      size: this.sizeOf(init),
      entries: this.entriesOf(init),
    })
  }

  pushIteration(range: Expression, name: string, secondName: string | undefined): void {
    const entries = this.entriesOf(range)
    const isList = (entries?.container ?? range.type.kind) === 'list'
    const path = this.pathOf(range)
    const variable = (step: string, size: Range | undefined) => ({
      path: [...path, step],
      size,
      entries: undefined,
    })
    if (secondName === undefined) {
      this.#push(name, isList ? variable('@items', entries?.value) : variable('@keys', entries?.key))
      return
    }
    this.#push(name, variable(isList ? '@indices' : '@keys', entries?.key))
    this.#push(secondName, variable(isList ? '@items' : '@values', entries?.value))
  }

  #push(name: string, variable: LocalVariable): void {
    const stack = this.#locals.get(name)
    if (stack === undefined) this.#locals.set(name, [variable])
    else stack.push(variable)
  }

  pop(name: string): void {
    this.#locals.get(name)!.pop()
  }

  local(name: string): LocalVariable | undefined {
    return this.#locals.get(name)?.at(-1)
  }

  operand(expression: Expression): Operand {
    const path = this.pathOf(expression)
    return {
      type: expression.type,
      path: path.length === 0 || isAccumulator(path[0]) ? undefined : path,
      expression,
      size: this.sizeOf(expression),
    }
  }

  pathOf(expression: Expression): readonly string[] {
    if (expression.kind === 'identifier') {
      const local = this.local(expression.name)
      if (local !== undefined) return local.path
    }
    return this.#paths.get(expression) ?? []
  }

  #sizeAt(path: readonly string[] | undefined): Range | undefined {
    if (path === undefined || path.length === 0) return undefined
    const max = this.#greatest(path)
    return max === undefined ? undefined : { min: 0, max }
  }

  sizeOrUnknown(expression: Expression): Range {
    return this.sizeOf(expression) ?? anything
  }

  sizeOf(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression) ?? writtenSize(expression)
    if (known !== undefined) return known
    const bound = this.#sizeAt(this.pathOf(expression))
    if (bound !== undefined) {
      this.#sizes.set(expression, bound)
      return bound
    }
    if (isScalar(expression.type)) return once
    return expression.kind === 'identifier' ? this.local(expression.name)?.size : undefined
  }

  entriesOf(expression: Expression): EntrySizes | undefined {
    const known = this.#entries.get(expression)
    if (known !== undefined || expression.kind !== 'identifier') return known
    return this.local(expression.name)?.entries
  }

  copy(to: Expression, from: Expression): void {
    const size = this.sizeOf(from)
    if (size !== undefined) this.#sizes.set(to, size)
    const entries = this.entriesOf(from)
    if (entries !== undefined) this.#entries.set(to, entries)
  }
}

function writtenSize(expression: Expression): Range | undefined {
  switch (expression.kind) {
    case 'literal':
      return literalSize(expression.value)
    case 'list':
      return exactly(expression.elements.length)
    case 'map':
      return exactly(expression.entries.length)
    default:
      return undefined
  }
}

function literalSize(value: CelValue): Range {
  if (typeof value === 'string') return exactly(codePointCount(value))
  return value instanceof Uint8Array ? exactly(value.length) : once
}

function isScalar(type: CelType): boolean {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'uint':
    case 'double':
    case 'duration':
    case 'timestamp':
      return true
    case 'optional':
      return isScalar(type.value)
    default:
      return false
  }
}

/** The first parameter of a type, such as the element of a list. */
function typeParameter(type: CelType): CelType | undefined {
  switch (type.kind) {
    case 'list':
      return type.element
    case 'map':
      return type.key
    case 'optional':
      return type.value
    default:
      return undefined
  }
}
