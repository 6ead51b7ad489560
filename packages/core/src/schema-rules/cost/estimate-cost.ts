import type { CelType } from '../../cel/cel-type.ts'
import type { CelValue } from '../../cel/cel-value.ts'
import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  SelectExpression,
} from '../../cel/expression.ts'
import { type CallCost, listCost, mapCost, type Operand, type OperandSizes, structCost } from './call-cost.ts'
import { extensionCost } from './extension-cost.ts'
import { languageCost } from './language-cost.ts'
import { libraryCost } from './library-cost.ts'
import { add, anything, exactly, multiply, nothing, once, type Range, union, unlimited } from './range.ts'

/**
 * The greatest size of what a path leads to: a variable, then names of fields, `@items`, `@values`, `@keys` and
 * `@indices`. Undefined where that is not known.
 */
export type SizeOf = (path: readonly string[]) => number | undefined

/**
 * What evaluating a checked expression costs at least and at most, in the units of {@link CostBudget}.
 *
 * Follows `Cost` of `cel-go/checker/cost.go` with the options of Kubernetes' environment: `has()` is free.
 */
export function estimateCost(expression: Expression, sizeOf: SizeOf): Range {
  return new CostEstimate(sizeOf).cost(expression)
}

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

class CostEstimate {
  readonly #sizeOf: SizeOf
  readonly #paths = new Map<Expression, readonly string[]>()
  readonly #sizes = new Map<Expression, Range>()
  readonly #entries = new Map<Expression, EntrySizes>()
  readonly #locals = new Map<string, LocalVariable[]>()
  readonly #operandSizes: OperandSizes = {
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

  constructor(sizeOf: SizeOf) {
    this.#sizeOf = sizeOf
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'literal':
        return nothing
      case 'identifier':
        this.#paths.set(
          expression,
          this.#local(expression.name)?.path ?? [expression.name.replace(/^\./, '')],
        )
        return once
      case 'select':
        return this.#selectCost(expression)
      case 'call':
        return this.#callCost(expression)
      case 'list':
        return this.#listCost(expression, expression.elements)
      case 'map':
        return this.#mapCost(expression)
      case 'struct':
        return add(...expression.fields.map(({ value }) => this.cost(value)), exactly(structCost))
      case 'comprehension':
        return isBind(expression) ? this.#bindCost(expression) : this.#comprehensionCost(expression)
    }
  }

  #selectCost(expression: SelectExpression): Range {
    const { operand, field, testOnly } = expression
    const cost = this.cost(operand)
    if (testOnly) return cost
    this.#paths.set(expression, [...this.#pathOf(operand), field])
    const isStep =
      operand.type.kind === 'map' || operand.type.kind === 'object' || operand.type.kind === 'param'
    return isStep ? add(cost, once) : cost
  }

  #listCost(expression: Expression, elements: readonly Expression[]): Range {
    let items: Range = { min: elements.length === 0 ? 0 : unlimited, max: 0 }
    const costs = elements.map((element) => {
      const cost = this.cost(element)
      items = union(items, this.#sizeOrUnknown(element))
      return cost
    })
    this.#entries.set(expression, { container: 'list', key: once, value: items })
    return add(...costs, exactly(listCost))
  }

  #mapCost(expression: Extract<Expression, { kind: 'map' }>): Range {
    const none: Range = { min: expression.entries.length === 0 ? 0 : unlimited, max: 0 }
    let keys = none
    let values = none
    const costs = expression.entries.map(({ key, value }) => {
      const cost = add(this.cost(key), this.cost(value))
      keys = union(keys, this.#sizeOrUnknown(key))
      values = union(values, this.#sizeOrUnknown(value))
      return cost
    })
    this.#entries.set(expression, { container: 'map', key: keys, value: values })
    return add(...costs, exactly(mapCost))
  }

  #callCost(expression: CallExpression): Range {
    const { target } = expression
    if (expression.function === 'dyn') return this.#dynCost(expression)
    const args: Operand[] = []
    const costs = expression.args.map((arg) => {
      const cost = this.cost(arg)
      args.push(this.#operand(arg))
      return cost
    })
    if (expression.overloadIds.length === 0) return nothing
    const targetCost = target === undefined ? nothing : this.cost(target)
    const receiver = target && this.#operand(target)
    let total: Range = { min: unlimited, max: 0 }
    let size: Range | undefined
    for (const overloadId of expression.overloadIds) {
      const { cost, resultSize } = this.#overloadCost(expression, overloadId, receiver, args, costs)
      total = union(total, cost)
      if (resultSize !== undefined) size = size === undefined ? resultSize : union(size, resultSize)
      if (overloadId === 'index_list' || overloadId === 'index_map') {
        const [container] = expression.args
        const step = overloadId === 'index_list' ? '@items' : '@values'
        size = this.#entriesOf(container!)?.value
        this.#paths.set(expression, [...this.#pathOf(container!), step])
      }
      size ??= this.#sizeOfExpression(expression)
    }
    if (size !== undefined) this.#sizes.set(expression, size)
    return add(targetCost, total)
  }

  /** `dyn(x)` switches the checking of types off, nothing more. */
  #dynCost(expression: CallExpression): Range {
    const arg = expression.args[0]!
    const cost = add(this.cost(arg), once)
    this.#copySizes(expression, arg)
    return cost
  }

  #overloadCost(
    expression: CallExpression,
    overloadId: string,
    target: Operand | undefined,
    args: readonly Operand[],
    costs: readonly Range[],
  ): CallCost {
    const sizes = this.#operandSizes
    const known =
      extensionCost(overloadId, target, args, sizes) ??
      libraryCost(expression.function, overloadId, target, args, sizes)
    if (known !== undefined) return { ...known, cost: add(known.cost, ...costs) }
    if (overloadId === 'logical_or' || overloadId === 'logical_and') {
      return { cost: { min: costs[0]!.min, max: add(...costs).max } }
    }
    if (overloadId === 'conditional') return this.#conditionalCost(expression, costs)
    const { cost, resultSize } = languageCost(overloadId, target, args, sizes)
    if (overloadId.startsWith('add_') && resultSize !== undefined)
      this.#joinEntries(expression, expression.args)
    const total = add(cost, ...costs)
    return resultSize === undefined ? { cost: total } : { cost: total, resultSize }
  }

  #conditionalCost(expression: CallExpression, costs: readonly Range[]): CallCost {
    const [, ifTrue, ifFalse] = expression.args
    this.#joinEntries(expression, [ifTrue!, ifFalse!])
    return {
      cost: add(costs[0]!, union(costs[1]!, costs[2]!)),
      resultSize: union(this.#sizeOrUnknown(ifTrue!), this.#sizeOrUnknown(ifFalse!)),
    }
  }

  #joinEntries(expression: Expression, [left, right]: readonly Expression[]): void {
    const a = this.#entriesOf(left!)
    const b = this.#entriesOf(right!)
    if (a === undefined || b === undefined) return
    this.#entries.set(expression, {
      container: a.container,
      key: union(a.key, b.key),
      value: union(a.value, b.value),
    })
  }

  /** The value is computed once, when it is first asked for. */
  #bindCost(expression: ComprehensionExpression): Range {
    const { iterRange, accuVar, accuInit, result } = expression
    const cost = add(this.cost(iterRange), this.cost(accuInit))
    this.#pushAccumulator(accuVar, accuInit)
    const total = add(cost, this.cost(result))
    this.#pop(accuVar)
    this.#copySizes(expression, result)
    return total
  }

  #comprehensionCost(expression: ComprehensionExpression): Range {
    const { iterRange, iterVar, iterVar2, accuVar, accuInit, loopCondition, loopStep, result } = expression
    const cost = add(this.cost(iterRange), this.cost(accuInit))
    this.#pushAccumulator(accuVar, accuInit)
    this.#pushIteration(iterRange, iterVar, iterVar2)
    const loop = add(this.cost(loopCondition), this.cost(loopStep))
    this.#pop(iterVar)
    if (iterVar2 !== undefined) this.#pop(iterVar2)
    const resultCost = this.cost(result)
    this.#pop(accuVar)
    const count = this.#sizeOrUnknown(iterRange)
    this.#setResultSize(expression, count)
    return add(cost, resultCost, multiply(count, loop))
  }

  #setResultSize(expression: ComprehensionExpression, count: Range): void {
    const { accuInit, loopStep } = expression
    if (accuInit.kind === 'literal') {
      const size = this.#sizeOfExpression(accuInit)
      if (size !== undefined) this.#sizes.set(expression, size)
    } else if (accuInit.kind === 'list' || accuInit.kind === 'map') {
      this.#sizes.set(expression, count)
      const entries = this.#entriesOf(loopStep)
      if (entries !== undefined) this.#entries.set(expression, entries)
    }
  }

  #pushAccumulator(name: string, init: Expression): void {
    this.#push(name, {
      path: this.#pathOf(init),
      size: this.#sizeOfExpression(init),
      entries: this.#entriesOf(init),
    })
  }

  #pushIteration(range: Expression, name: string, secondName: string | undefined): void {
    const entries = this.#entriesOf(range)
    const isList = (entries?.container ?? range.type.kind) === 'list'
    const path = this.#pathOf(range)
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

  #pop(name: string): void {
    this.#locals.get(name)!.pop()
  }

  #local(name: string): LocalVariable | undefined {
    return this.#locals.get(name)?.at(-1)
  }

  #operand(expression: Expression): Operand {
    const path = this.#pathOf(expression)
    return {
      type: expression.type,
      path: path.length === 0 || isAccumulator(path[0]) ? undefined : path,
      expression,
      size: this.#sizeOfExpression(expression),
    }
  }

  #pathOf(expression: Expression): readonly string[] {
    if (expression.kind === 'identifier') {
      const local = this.#local(expression.name)
      if (local !== undefined) return local.path
    }
    return this.#paths.get(expression) ?? []
  }

  #sizeAt(path: readonly string[] | undefined): Range | undefined {
    if (path === undefined || path.length === 0) return undefined
    const max = this.#sizeOf(path)
    return max === undefined ? undefined : { min: 0, max }
  }

  #sizeOrUnknown(expression: Expression): Range {
    return this.#sizeOfExpression(expression) ?? anything
  }

  #sizeOfExpression(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression) ?? writtenSize(expression)
    if (known !== undefined) return known
    const bound = this.#sizeAt(this.#pathOf(expression))
    if (bound !== undefined) {
      this.#sizes.set(expression, bound)
      return bound
    }
    if (isScalar(expression.type)) return once
    return expression.kind === 'identifier' ? this.#local(expression.name)?.size : undefined
  }

  #entriesOf(expression: Expression): EntrySizes | undefined {
    const known = this.#entries.get(expression)
    if (known !== undefined || expression.kind !== 'identifier') return known
    return this.#local(expression.name)?.entries
  }

  #copySizes(to: Expression, from: Expression): void {
    const size = this.#sizeOfExpression(from)
    if (size !== undefined) this.#sizes.set(to, size)
    const entries = this.#entriesOf(from)
    if (entries !== undefined) this.#entries.set(to, entries)
  }
}

function isBind({ iterRange, loopCondition, accuVar }: ComprehensionExpression): boolean {
  return (
    iterRange.kind === 'list' &&
    iterRange.elements.length === 0 &&
    loopCondition.kind === 'literal' &&
    loopCondition.value === false &&
    accuVar !== '__result__'
  )
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
  if (typeof value === 'string') return exactly([...value].length)
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
