import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  formatCelType,
  intType,
  listType,
  paramType,
  stringType,
  timestampType,
  uintType,
} from '../cel-type.ts'
import type { CelList, CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import { compareValues } from '../comparison.ts'
import type { CelLibrary } from '../environment.ts'
import { equalValues } from '../equality.ts'
import { CelEvaluationError, noSuchOverload } from '../evaluation-error.ts'
import { valueSize } from '../value-size.ts'
import { isList, isMap, valueTypeName } from '../value-type.ts'
import { comparisonWork, listCreation, nestedWork, resultCreation, selfComparison } from './call-cost.ts'
import { memberOverload, overload } from './overload.ts'
import { sortByMacro, sortFunction } from './sort-by.ts'

const comparableTypes: readonly CelType[] = [
  intType,
  uintType,
  doubleType,
  boolType,
  durationType,
  timestampType,
  stringType,
  bytesType,
]

function valuesOf(list: CelList, start = 0, end = list.size): CelValue[] {
  return Array.from({ length: end - start }, (_, index) => list.at(start + index))
}

function slice(list: CelList, start: bigint, end: bigint): CelList {
  const fail = (problem: string) => new CelEvaluationError(`cannot slice(${start}, ${end}), ${problem}`)
  if (start < 0n || end < 0n) throw fail('negative indexes not supported')
  if (start > end) throw fail('start index must be less than or equal to end index')
  if (end > BigInt(list.size)) throw fail(`list is length ${list.size}`)
  return new ArrayList(valuesOf(list, Number(start), Number(end)))
}

function flatten(list: CelList, depth: bigint): CelList {
  if (depth < 0n) throw new CelEvaluationError('level must be non-negative')
  const flat: CelValue[] = []
  collect(list, depth, flat)
  return new ArrayList(flat)
}

function notFlattened(target: CelValue | undefined, args: readonly CelValue[]): CelEvaluationError {
  const nameOf = (value: CelValue) => (isMap(value) ? 'map(dyn, dyn)' : valueTypeName(value))
  return new CelEvaluationError(
    `no such overload: ${nameOf(target ?? null)}.flatten(${args.map(nameOf).join(', ')})`,
  )
}

function collect(list: CelList, depth: bigint, flat: CelValue[]): void {
  for (const value of valuesOf(list)) {
    if (isList(value) && depth > 0n) collect(value, depth - 1n, flat)
    else flat.push(value)
  }
}

/** The elements in the order of their keys. */
function sortByKeys(list: CelValue | undefined, keys: CelValue | undefined): CelList {
  if (list === undefined || keys === undefined || !isList(list) || !isList(keys)) throw noSuchOverload()
  if (list.size !== keys.size) {
    throw new CelEvaluationError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${list.size} and ${keys.size} elements respectively`,
    )
  }
  if (list.size === 0) return list
  const keyed = valuesOf(list).map((value, index) => ({ value, key: keys.at(index) }))
  requireOneType(keyed.map(({ key }) => key))
  return new ArrayList(keyed.sort((a, b) => order(a.key, b.key)).map(({ value }) => value))
}

function requireOneType(keys: readonly CelValue[]): void {
  const [first, ...others] = keys.map(valueTypeName)
  if (!comparableTypes.some((type) => formatCelType(type) === first)) {
    throw new CelEvaluationError('list elements must be comparable')
  }
  if (others.some((name) => name !== first)) {
    throw new CelEvaluationError('list elements must have the same type')
  }
}

/** NaN has no order. */
function order(left: CelValue, right: CelValue): number {
  return Number.isNaN(left) || Number.isNaN(right) ? 0 : compareValues(left, right)
}

function distinct(list: CelList): CelList {
  const unique: CelValue[] = []
  for (const value of valuesOf(list)) {
    if (!unique.some((known) => equalValues(value, known))) unique.push(value)
  }
  return new ArrayList(unique)
}

const longestRange = 1_000_000n

function range(length: bigint): CelList {
  if (length < 0n) throw new CelEvaluationError(`lists.range: size must be non-negative, got ${length}`)
  if (length > longestRange) {
    throw new CelEvaluationError(`lists.range: size ${length} exceeds maximum allowed (${longestRange})`)
  }
  return new ArrayList(Array.from({ length: Number(length) }, (_, index) => BigInt(index)))
}

const element = paramType('T')
const list = listType(element)

const selfComparing = ([values]: readonly CelValue[]) => selfComparison(values!)

/** CEL's functions of lists: `cel-go/ext/lists.go`, version 3. */
export const listExtensionsLibrary: CelLibrary = {
  name: 'cel.lib.ext.lists',
  macros: [sortByMacro],
  functions: [
    {
      name: 'slice',
      overloads: [memberOverload('list_slice', [list, intType, intType], list, slice, resultCreation)],
    },
    {
      // cel-go looks at the values itself, since it takes lists that are flat already.
      name: 'flatten',
      call: (target, ...rest) => {
        const [depth = 1n] = rest
        if (!isList(target) || typeof depth !== 'bigint') throw notFlattened(target, rest)
        return flatten(target, depth)
      },
      overloads: [
        {
          id: 'list_flatten',
          receiver: true,
          params: [listType(list)],
          result: list,
          cost: ([target]) => listCreation(valueSize(target!)),
          work: nestedWork,
        },
        {
          id: 'list_flatten_int',
          receiver: true,
          params: [listType(dynType), intType],
          result: listType(dynType),
          cost: ([target, depth]) => listCreation(valueSize(target!), Number(depth)),
          work: nestedWork,
        },
      ],
    },
    {
      name: 'sort',
      call: (values) => sortByKeys(values, values),
      overloads: comparableTypes.map((type) => ({
        id: `list_${formatCelType(type)}_sort`,
        receiver: true,
        params: [listType(type)],
        result: listType(type),
        costBefore: ([values]) => selfComparison(values!),
      })),
    },
    {
      name: sortFunction,
      call: sortByKeys,
      overloads: comparableTypes.map((type) => ({
        id: `list_${formatCelType(type)}_sortByAssociatedKeys`,
        receiver: true,
        params: [list, listType(type)],
        result: list,
        costBefore: ([, keys]) => selfComparison(keys!),
      })),
    },
    {
      name: 'lists.range',
      overloads: [
        {
          ...overload('lists_range', [intType], listType(intType), range),
          costBefore: ([length]) => listCreation(Math.max(0, Number(length))),
        },
      ],
    },
    {
      name: 'reverse',
      overloads: [
        memberOverload(
          'list_reverse',
          [list],
          list,
          (values: CelList) => new ArrayList(valuesOf(values).reverse()),
          resultCreation,
        ),
      ],
    },
    {
      name: 'distinct',
      overloads: [
        {
          ...memberOverload('list_distinct', [list], list, distinct),
          costBefore: selfComparing,
          work: ([values], budget) => comparisonWork((values as CelList).size, values as CelList, budget),
        },
      ],
    },
  ],
}
