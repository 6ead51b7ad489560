import type {
  CallExpression,
  ComprehensionExpression,
  Expression,
  SelectExpression,
} from '../../cel/expression.ts'
import { type CallCost, listCost, mapCost, type Operand, structCost } from './call-cost.ts'
import { extensionCost } from './extension-cost.ts'
import { KnownSizes, type SizeOf } from './known-sizes.ts'
import { languageCost } from './language-cost.ts'
import { libraryCost } from './library-cost.ts'
import { add, exactly, multiply, nothing, once, type Range, union, unlimited } from './range.ts'

/**
 * What evaluating a checked expression costs at least and at most, in the units of {@link CostBudget}.
 *
 * Follows `Cost` of `cel-go/checker/cost.go` with the options of Kubernetes' environment: `has()` is free.
 */
export function estimateCost(expression: Expression, sizeOf: SizeOf): Range {
  return new CostEstimate(sizeOf).cost(expression)
}

class CostEstimate {
  readonly #known: KnownSizes

  constructor(sizeOf: SizeOf) {
    this.#known = new KnownSizes(sizeOf)
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'literal':
        return nothing
      case 'identifier':
        this.#known.setPath(
          expression,
          this.#known.local(expression.name)?.path ?? [expression.name.replace(/^\./, '')],
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
    this.#known.setPath(expression, [...this.#known.pathOf(operand), field])
    const isStep =
      operand.type.kind === 'map' || operand.type.kind === 'object' || operand.type.kind === 'param'
    return isStep ? add(cost, once) : cost
  }

  #listCost(expression: Expression, elements: readonly Expression[]): Range {
    let items: Range = { min: elements.length === 0 ? 0 : unlimited, max: 0 }
    const costs = elements.map((element) => {
      const cost = this.cost(element)
      items = union(items, this.#known.sizeOrUnknown(element))
      return cost
    })
    this.#known.setEntries(expression, { container: 'list', key: once, value: items })
    return add(...costs, exactly(listCost))
  }

  #mapCost(expression: Extract<Expression, { kind: 'map' }>): Range {
    const none: Range = { min: expression.entries.length === 0 ? 0 : unlimited, max: 0 }
    let keys = none
    let values = none
    const costs = expression.entries.map(({ key, value }) => {
      const cost = add(this.cost(key), this.cost(value))
      keys = union(keys, this.#known.sizeOrUnknown(key))
      values = union(values, this.#known.sizeOrUnknown(value))
      return cost
    })
    this.#known.setEntries(expression, { container: 'map', key: keys, value: values })
    return add(...costs, exactly(mapCost))
  }

  #callCost(expression: CallExpression): Range {
    const { target } = expression
    if (expression.function === 'dyn') return this.#dynCost(expression)
    const args: Operand[] = []
    const costs = expression.args.map((arg) => {
      const cost = this.cost(arg)
      args.push(this.#known.operand(arg))
      return cost
    })
    if (expression.overloadIds.length === 0) return nothing
    const targetCost = target === undefined ? nothing : this.cost(target)
    const receiver = target && this.#known.operand(target)
    let total: Range = { min: unlimited, max: 0 }
    let size: Range | undefined
    for (const overloadId of expression.overloadIds) {
      const { cost, resultSize } = this.#overloadCost(expression, overloadId, receiver, args, costs)
      total = union(total, cost)
      if (resultSize !== undefined) size = size === undefined ? resultSize : union(size, resultSize)
      if (overloadId === 'index_list' || overloadId === 'index_map') {
        const [container] = expression.args
        const step = overloadId === 'index_list' ? '@items' : '@values'
        size = this.#known.entriesOf(container!)?.value
        this.#known.setPath(expression, [...this.#known.pathOf(container!), step])
      }
      size ??= this.#known.sizeOf(expression)
    }
    if (size !== undefined) this.#known.setSize(expression, size)
    return add(targetCost, total)
  }

  /** `dyn(x)` switches the checking of types off, nothing more. */
  #dynCost(expression: CallExpression): Range {
    const arg = expression.args[0]!
    const cost = add(this.cost(arg), once)
    this.#known.copy(expression, arg)
    return cost
  }

  #overloadCost(
    expression: CallExpression,
    overloadId: string,
    target: Operand | undefined,
    args: readonly Operand[],
    costs: readonly Range[],
  ): CallCost {
    const sizes = this.#known.operandSizes
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
      this.#known.joinEntries(expression, expression.args)
    const total = add(cost, ...costs)
    return resultSize === undefined ? { cost: total } : { cost: total, resultSize }
  }

  #conditionalCost(expression: CallExpression, costs: readonly Range[]): CallCost {
    const [, ifTrue, ifFalse] = expression.args
    this.#known.joinEntries(expression, [ifTrue!, ifFalse!])
    return {
      cost: add(costs[0]!, union(costs[1]!, costs[2]!)),
      resultSize: union(this.#known.sizeOrUnknown(ifTrue!), this.#known.sizeOrUnknown(ifFalse!)),
    }
  }

  /** The value is computed once, when it is first asked for. */
  #bindCost(expression: ComprehensionExpression): Range {
    const { iterRange, accuVar, accuInit, result } = expression
    const cost = add(this.cost(iterRange), this.cost(accuInit))
    this.#known.pushAccumulator(accuVar, accuInit)
    const total = add(cost, this.cost(result))
    this.#known.pop(accuVar)
    this.#known.copy(expression, result)
    return total
  }

  #comprehensionCost(expression: ComprehensionExpression): Range {
    const { iterRange, iterVar, iterVar2, accuVar, accuInit, loopCondition, loopStep, result } = expression
    const cost = add(this.cost(iterRange), this.cost(accuInit))
    this.#known.pushAccumulator(accuVar, accuInit)
    this.#known.pushIteration(iterRange, iterVar, iterVar2)
    const loop = add(this.cost(loopCondition), this.cost(loopStep))
    this.#known.pop(iterVar)
    if (iterVar2 !== undefined) this.#known.pop(iterVar2)
    const resultCost = this.cost(result)
    this.#known.pop(accuVar)
    const count = this.#known.sizeOrUnknown(iterRange)
    this.#setResultSize(expression, count)
    return add(cost, resultCost, multiply(count, loop))
  }

  #setResultSize(expression: ComprehensionExpression, count: Range): void {
    const { accuInit, loopStep } = expression
    if (accuInit.kind === 'literal') {
      const size = this.#known.sizeOf(accuInit)
      if (size !== undefined) this.#known.setSize(expression, size)
    } else if (accuInit.kind === 'list' || accuInit.kind === 'map') {
      this.#known.setSize(expression, count)
      const entries = this.#known.entriesOf(loopStep)
      if (entries !== undefined) this.#known.setEntries(expression, entries)
    }
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
