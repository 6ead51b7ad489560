import { add } from '../arithmetic.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  paramType,
  stringType,
  timestampType,
  uintType,
} from '../cel-type.ts'
import { CelDuration, type CelList, CelUint, type CelValue } from '../cel-value.ts'
import { compareValues } from '../comparison.ts'
import type { CelLibrary, CelOverload } from '../environment.ts'
import { equalValues, listContains } from '../equality.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { isList } from '../value-type.ts'
import { deepTraversal, nestedWork } from './call-cost.ts'
import { memberOverload } from './overload.ts'

const comparableTypes: readonly (readonly [name: string, type: CelType])[] = [
  ['int', intType],
  ['uint', uintType],
  ['double', doubleType],
  ['bool', boolType],
  ['duration', durationType],
  ['timestamp', timestampType],
  ['string', stringType],
  ['bytes', bytesType],
]

const summableTypes: readonly (readonly [name: string, type: CelType, zero: CelValue])[] = [
  ['int', intType, 0n],
  ['uint', uintType, new CelUint(0n)],
  ['double', doubleType, 0],
  ['duration', durationType, new CelDuration(0n)],
]

/** What has no order, such as NaN, is taken for equal. */
function order(left: CelValue, right: CelValue): number {
  try {
    return compareValues(left, right)
  } catch (error) {
    if (error instanceof CelEvaluationError) return 0
    throw error
  }
}

function isSorted(list: CelList): boolean {
  for (let index = 1; index < list.size; index++) {
    if (order(list.at(index - 1), list.at(index)) > 0) return false
  }
  return true
}

function sum(list: CelList, zero: CelValue): CelValue {
  let total = zero
  for (let index = 0; index < list.size; index++) total = add(total, list.at(index))
  return total
}

/** The first of the greatest elements, or with `sign` -1 of the least. */
function extreme(list: CelList, sign: number, name: string): CelValue {
  if (list.size === 0) throw new CelEvaluationError(`${name} called on empty list`)
  let best = list.at(0)
  for (let index = 1; index < list.size; index++) {
    const element = list.at(index)
    if (order(element, best) * sign > 0) best = element
  }
  return best
}

function indexOf(list: CelList, element: CelValue): bigint {
  for (let index = 0; index < list.size; index++) {
    if (equalValues(list.at(index), element)) return BigInt(index)
  }
  return -1n
}

function lastIndexOf(list: CelList, element: CelValue): bigint {
  for (let index = list.size - 1; index >= 0; index--) {
    if (equalValues(list.at(index), element)) return BigInt(index)
  }
  return -1n
}

function includes(target: CelValue, value: CelValue): boolean {
  return isList(target) ? listContains(target, value) : equalValues(target, value)
}

const forComparable = (make: (name: string, list: CelType, type: CelType) => CelOverload) =>
  comparableTypes.map(([name, type]) => make(name, listType(type), type))

const element = paramType('A')

/** Kubernetes' functions of lists: `k8s.io/apiserver/pkg/cel/library/lists.go`, version 1. */
export const listsLibrary: CelLibrary = {
  name: 'kubernetes.lists',
  functions: [
    {
      name: 'isSorted',
      overloads: forComparable((name, list) =>
        memberOverload(`list_${name}_is_sorted_bool`, [list], boolType, isSorted, deepTraversal),
      ),
    },
    {
      name: 'sum',
      overloads: summableTypes.map(([name, type, zero]) =>
        memberOverload(
          `list_${name}_sum_${name}`,
          [listType(type)],
          type,
          (list: CelList) => sum(list, zero),
          deepTraversal,
        ),
      ),
    },
    {
      name: 'max',
      overloads: forComparable((name, list, type) =>
        memberOverload(
          `list_${name}_max_${name}`,
          [list],
          type,
          (values: CelList) => extreme(values, 1, 'max'),
          deepTraversal,
        ),
      ),
    },
    {
      name: 'min',
      overloads: forComparable((name, list, type) =>
        memberOverload(
          `list_${name}_min_${name}`,
          [list],
          type,
          (values: CelList) => extreme(values, -1, 'min'),
          deepTraversal,
        ),
      ),
    },
    {
      name: 'indexOf',
      overloads: [
        {
          ...memberOverload(
            'list_a_index_of_int',
            [listType(element), element],
            intType,
            indexOf,
            deepTraversal,
          ),
          work: nestedWork,
        },
      ],
    },
    {
      name: 'lastIndexOf',
      overloads: [
        {
          ...memberOverload(
            'list_a_last_index_of_int',
            [listType(element), element],
            intType,
            lastIndexOf,
            deepTraversal,
          ),
          work: nestedWork,
        },
      ],
    },
    {
      name: 'includes',
      overloads: [
        {
          ...memberOverload('list_includes_dyn_dyn', [dynType, dynType], boolType, includes, deepTraversal),
          work: nestedWork,
        },
      ],
    },
  ],
}
