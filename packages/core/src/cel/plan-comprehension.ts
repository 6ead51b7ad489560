import type { CelValue } from './cel-value.ts'
import { ArrayList, HashMap } from './collections.ts'
import { CelEvaluationError, noSuchOverload } from './evaluation-error.ts'
import type { CallExpression, ComprehensionExpression, Expression } from './expression.ts'
import { formatValue } from './format-value.ts'
import type { Frame, Planner, Step } from './plan.ts'
import { isList, isMap, valueTypeName } from './value-type.ts'

/**
 * Plans a comprehension as the loop that its macro stands for. What cel-go charges for the expanded parts (the
 * condition, the accumulator, the list around an element) is charged in one sum per iteration.
 */
export function planComprehension(planner: Planner, comprehension: ComprehensionExpression): Step {
  if (comprehension.macro === 'bind') return planBinding(planner, comprehension)
  const loop = planLoop(planner, comprehension)
  const { loopStep } = comprehension
  if (loopStep.kind !== 'call') throw new Error('the step of a comprehension is a call')
  return planner.within(loop.locals, () => {
    switch (comprehension.macro) {
      case 'all':
        return quantifier(loop, planner.plan(loopStep.args[1]!).step, false)
      case 'exists':
        return quantifier(loop, planner.plan(loopStep.args[1]!).step, true)
      case 'existsOne':
        return existsOne(loop, planner.plan(loopStep.args[0]!).step)
      case 'list':
        return gatherList(planner, loop, loopStep)
      default:
        return gatherMap(planner, loop, loopStep)
    }
  })
}

interface Loop {
  readonly locals: readonly { readonly name: string; readonly read: Step }[]
  /** Calls `visit` for each element until it answers true. */
  run(frame: Frame, visit: () => boolean): void
}

function planLoop(planner: Planner, { iterRange, iterVar, iterVar2 }: ComprehensionExpression): Loop {
  const range = planner.plan(iterRange).step
  const first = planner.newSlot()
  const local = (name: string, slot: number) => ({ name, read: ({ slots }: Frame) => slots[slot]! })
  if (iterVar2 === undefined) {
    return {
      locals: [local(iterVar, first)],
      run(frame, visit) {
        const { slots } = frame
        const value = range(frame)
        if (isList(value)) {
          for (let index = 0; index < value.size; index++) {
            slots[first] = value.at(index)
            if (visit()) return
          }
        } else {
          for (const key of keysOf(value, "got '", "', expected iterable type")) {
            slots[first] = key
            if (visit()) return
          }
        }
      },
    }
  }
  const second = planner.newSlot()
  return {
    locals: [local(iterVar, first), local(iterVar2, second)],
    run(frame, visit) {
      const { slots } = frame
      const value = range(frame)
      if (isList(value)) {
        for (let index = 0; index < value.size; index++) {
          slots[first] = BigInt(index)
          slots[second] = value.at(index)
          if (visit()) return
        }
      } else {
        for (const key of keysOf(value, 'unsupported comprehension range type: ', '')) {
          slots[first] = key
          slots[second] = isMap(value) ? value.get(key) : undefined
          if (visit()) return
        }
      }
    },
  }
}

function keysOf(value: CelValue, before: string, after: string): readonly CelValue[] {
  if (isMap(value)) return value.keys()
  throw new CelEvaluationError(`${before}${goTypeName(value)}${after}`)
}

const GO_TYPES: Readonly<Record<string, string>> = {
  bool: 'types.Bool',
  bytes: 'types.Bytes',
  double: 'types.Double',
  'google.protobuf.Duration': 'types.Duration',
  'google.protobuf.Timestamp': 'types.Timestamp',
  int: 'types.Int',
  null_type: 'types.Null',
  optional_type: '*types.Optional',
  string: 'types.String',
  type: '*types.Type',
  uint: 'types.Uint',
}

/** How Go's `%T` writes the type of a value, which cel-go does in this message only. */
function goTypeName(value: CelValue): string {
  const name = valueTypeName(value)
  return GO_TYPES[name] ?? name
}

/** `all` and `exists`: one element decides, whatever errors others have. */
function quantifier(loop: Loop, predicate: Step, decisive: boolean): Step {
  // `@not_strictly_false(@result)`, for `exists` with `!` around the variable, and the accumulator of the step.
  const conditionCost = decisive ? 3 : 2
  return (frame) => {
    const { budget } = frame
    let decided = false
    let failure: CelEvaluationError | undefined
    loop.run(frame, () => {
      budget.spend(conditionCost)
      if (decided) return true
      budget.spend(1)
      try {
        const value = predicate(frame)
        if (typeof value !== 'boolean') failure ??= noSuchOverload()
        else decided = value === decisive
      } catch (error) {
        if (!(error instanceof CelEvaluationError)) throw error
        failure ??= error
      }
      return false
    })
    budget.spend(1)
    if (decided) return decisive
    if (failure) throw failure
    return !decisive
  }
}

function existsOne(loop: Loop, predicate: Step): Step {
  return (frame) => {
    let count = 0
    loop.run(frame, () => {
      if (holds(predicate(frame))) {
        count++
        frame.budget.spend(2)
      }
      return false
    })
    frame.budget.spend(2)
    return count === 1
  }
}

function holds(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload()
  return value
}

/** The step of a comprehension that gathers, without the filter that may be around it. */
function splitFilter(loopStep: CallExpression): { filter: Expression | undefined; add: CallExpression } {
  if (loopStep.function !== '_?_:_') return { filter: undefined, add: loopStep }
  const [filter, add] = loopStep.args
  if (add?.kind !== 'call') throw new Error('a comprehension adds with a call')
  return { filter, add }
}

function gatherList(planner: Planner, loop: Loop, loopStep: CallExpression): Step {
  const { filter, add } = splitFilter(loopStep)
  const added = add.args[1]
  if (added?.kind !== 'list') throw new Error('a comprehension adds a list')
  const { step: element, constant } = planner.plan(added.elements[0]!)
  const passes = filter && planner.plan(filter).step
  // The addition, the accumulator, and the list with the element unless that is constant.
  const cost = constant === undefined ? 12 : 2
  return (frame) => {
    const values: CelValue[] = []
    loop.run(frame, () => {
      if (passes && !holds(passes(frame))) return false
      frame.budget.spend(cost)
      values.push(element(frame))
      return false
    })
    frame.budget.spend(1)
    return new ArrayList(values)
  }
}

function gatherMap(planner: Planner, loop: Loop, loopStep: CallExpression): Step {
  const { filter, add } = splitFilter(loopStep)
  const passes = filter && planner.plan(filter).step
  const insert = insertion(planner, add)
  return (frame) => {
    const map = new HashMap()
    loop.run(frame, () => {
      if (passes && !holds(passes(frame))) return false
      frame.budget.spend(2)
      insert(frame, map)
      return false
    })
    frame.budget.spend(1)
    return map
  }
}

/** `cel.@mapInsert` of a key with a value, or of all entries of a map. */
function insertion(planner: Planner, { args }: CallExpression): (frame: Frame, map: HashMap) => void {
  const [, first, second] = args
  const key = planner.plan(first!).step
  if (second) {
    const value = planner.plan(second).step
    return (frame, map) => insertEntry(map, key(frame), value(frame))
  }
  return (frame, map) => {
    const entries = key(frame)
    if (!isMap(entries)) throw noSuchOverload()
    for (const entryKey of entries.keys()) {
      frame.budget.work(1)
      insertEntry(map, entryKey, entries.get(entryKey)!)
    }
  }
}

function insertEntry(map: HashMap, key: CelValue, value: CelValue): void {
  if (map.get(key) !== undefined) {
    throw new CelEvaluationError(`insert failed: key ${formatValue(key)} already exists`)
  }
  map.set(key, value)
}

/** A name for a value, which is evaluated when it is first asked for, once. */
function planBinding(planner: Planner, { accuVar, accuInit, result }: ComprehensionExpression): Step {
  const slot = planner.newSlot()
  const init = planner.plan(accuInit).step
  const read: Step = (frame) => {
    const { slots } = frame
    slots[slot] ??= init(frame)
    return slots[slot]
  }
  const body = planner.within([{ name: accuVar, read }], () => planner.plan(result).step)
  return (frame) => {
    frame.slots[slot] = undefined
    return body(frame)
  }
}
