import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  intType,
  listType,
  mapType,
  paramType,
  stringType,
  timestampType,
  uintType,
} from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { compareValues } from './comparison.ts'
import type { CelFunction, CelOverload } from './environment.ts'
import { equalValues, listContains } from './equality.ts'
import { noSuchOverload } from './evaluation-error.ts'
import { indexValue } from './field-access.ts'
import { isList, isMap } from './value-type.ts'

const A = paramType('A')
const B = paramType('B')
const listOfA = listType(A)
const mapOfAB = mapType(A, B)

const overload = (id: string, params: readonly CelType[], result: CelType): CelOverload => ({
  id,
  params,
  result,
})

/** What the evaluator does without calling: it decides which terms are evaluated at all. */
const evaluated = (): never => {
  throw noSuchOverload()
}

const ORDERED: readonly (readonly [suffix: string, left: CelType, right: CelType])[] = [
  ['bool', boolType, boolType],
  ['int64', intType, intType],
  ['int64_double', intType, doubleType],
  ['int64_uint64', intType, uintType],
  ['uint64', uintType, uintType],
  ['uint64_double', uintType, doubleType],
  ['uint64_int64', uintType, intType],
  ['double', doubleType, doubleType],
  ['double_int64', doubleType, intType],
  ['double_uint64', doubleType, uintType],
  ['string', stringType, stringType],
  ['bytes', bytesType, bytesType],
  ['timestamp', timestampType, timestampType],
  ['duration', durationType, durationType],
]

const ordering = (name: string, prefix: string, holds: (order: number) => boolean): CelFunction => ({
  name,
  overloads: ORDERED.map(([suffix, left, right]) => overload(`${prefix}_${suffix}`, [left, right], boolType)),
  call: (a, b) => holds(compareValues(a!, b!, name)),
})

function contains(element: CelValue, container: CelValue): boolean {
  if (isList(container)) return listContains(container, element)
  if (isMap(container)) return container.get(element) !== undefined
  throw noSuchOverload()
}

function not(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload()
  return !value
}

/** Operators under cel-go's names and overload identifiers. */
export const standardOperators: readonly CelFunction[] = [
  { name: '_?_:_', overloads: [overload('conditional', [boolType, A, A], A)], call: evaluated },
  { name: '_&&_', overloads: [overload('logical_and', [boolType, boolType], boolType)], call: evaluated },
  { name: '_||_', overloads: [overload('logical_or', [boolType, boolType], boolType)], call: evaluated },
  { name: '!_', overloads: [overload('logical_not', [boolType], boolType)], call: (value) => not(value!) },
  {
    name: '@not_strictly_false',
    overloads: [overload('not_strictly_false', [boolType], boolType)],
    call: evaluated,
  },
  { name: '_==_', overloads: [overload('equals', [A, A], boolType)], call: (a, b) => equalValues(a!, b!) },
  {
    name: '_!=_',
    overloads: [overload('not_equals', [A, A], boolType)],
    call: (a, b) => !equalValues(a!, b!),
  },
  {
    name: '_+_',
    overloads: [
      overload('add_bytes', [bytesType, bytesType], bytesType),
      overload('add_double', [doubleType, doubleType], doubleType),
      overload('add_duration_duration', [durationType, durationType], durationType),
      overload('add_duration_timestamp', [durationType, timestampType], timestampType),
      overload('add_timestamp_duration', [timestampType, durationType], timestampType),
      overload('add_int64', [intType, intType], intType),
      overload('add_list', [listOfA, listOfA], listOfA),
      overload('add_string', [stringType, stringType], stringType),
      overload('add_uint64', [uintType, uintType], uintType),
    ],
    call: (a, b) => add(a!, b!),
  },
  {
    name: '_/_',
    overloads: [
      overload('divide_double', [doubleType, doubleType], doubleType),
      overload('divide_int64', [intType, intType], intType),
      overload('divide_uint64', [uintType, uintType], uintType),
    ],
    call: (a, b) => divide(a!, b!),
  },
  {
    name: '_%_',
    overloads: [
      overload('modulo_int64', [intType, intType], intType),
      overload('modulo_uint64', [uintType, uintType], uintType),
    ],
    call: (a, b) => modulo(a!, b!),
  },
  {
    name: '_*_',
    overloads: [
      overload('multiply_double', [doubleType, doubleType], doubleType),
      overload('multiply_int64', [intType, intType], intType),
      overload('multiply_uint64', [uintType, uintType], uintType),
    ],
    call: (a, b) => multiply(a!, b!),
  },
  {
    name: '-_',
    overloads: [
      overload('negate_double', [doubleType], doubleType),
      overload('negate_int64', [intType], intType),
    ],
    call: (value) => negate(value!),
  },
  {
    name: '_-_',
    overloads: [
      overload('subtract_double', [doubleType, doubleType], doubleType),
      overload('subtract_duration_duration', [durationType, durationType], durationType),
      overload('subtract_int64', [intType, intType], intType),
      overload('subtract_timestamp_duration', [timestampType, durationType], timestampType),
      overload('subtract_timestamp_timestamp', [timestampType, timestampType], durationType),
      overload('subtract_uint64', [uintType, uintType], uintType),
    ],
    call: (a, b) => subtract(a!, b!),
  },
  ordering('_<_', 'less', (order) => order < 0),
  ordering('_<=_', 'less_equals', (order) => order <= 0),
  ordering('_>_', 'greater', (order) => order > 0),
  ordering('_>=_', 'greater_equals', (order) => order >= 0),
  {
    name: '_[_]',
    overloads: [overload('index_list', [listOfA, intType], A), overload('index_map', [mapOfAB, A], B)],
    call: (container, index) => indexValue(container!, index!),
  },
  {
    name: '@in',
    overloads: [overload('in_list', [A, listOfA], boolType), overload('in_map', [A, mapOfAB], boolType)],
    call: (element, container) => contains(element!, container!),
  },
]
