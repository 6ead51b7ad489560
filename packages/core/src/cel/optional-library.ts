import {
  boolType,
  type CelType,
  dynType,
  intType,
  listType,
  mapType,
  optionalType,
  paramType,
  stringType,
  typeOf,
} from './cel-type.ts'
import { CelDuration, CelOptional, CelTimestamp, CelTypeValue, CelUint, type CelValue } from './cel-value.ts'
import { ArrayList } from './collections.ts'
import type { CelFunction, CelLibrary } from './environment.ts'
import { CelEvaluationError, noSuchOverload } from './evaluation-error.ts'
import { indexOptional, indexValue } from './field-access.ts'
import { formatValue } from './format-value.ts'
import { optionalMacros } from './macros.ts'
import { isList, isMap } from './value-type.ts'

const V = paramType('V')
const K = paramType('K')
const optionalOfV = optionalType(V)
const listOfV = listType(V)
const mapOfKV = mapType(K, V)

function asOptional(value: CelValue | undefined): CelOptional {
  if (value instanceof CelOptional) return value
  throw noSuchOverload()
}

function isZero(value: CelValue): boolean {
  switch (typeof value) {
    case 'string':
      return value === ''
    case 'boolean':
      return !value
    case 'bigint':
      return value === 0n
    case 'number':
      return value === 0
  }
  if (value === null) return true
  if (value instanceof CelUint) return value.value === 0n
  if (value instanceof CelDuration) return value.nanoseconds === 0n
  // Go's zero time is the first second of the year 1.
  if (value instanceof CelTimestamp) return value.nanoseconds === -62_135_596_800_000_000_000n
  if (value instanceof Uint8Array) return value.length === 0
  return (isList(value) || isMap(value)) && value.size === 0
}

function atEnd(value: CelValue | undefined, place: (size: number) => number): CelOptional {
  if (value === undefined || !isList(value)) throw noSuchOverload()
  return value.size === 0 ? CelOptional.none : new CelOptional(value.at(place(value.size)))
}

function unwrap(value: CelValue | undefined): CelValue {
  if (value === undefined || !isList(value)) throw noSuchOverload()
  const values: CelValue[] = []
  for (let index = 0; index < value.size; index++) {
    const element = value.at(index)
    if (!(element instanceof CelOptional)) {
      throw new CelEvaluationError(`value ${formatValue(element)} is not optional`)
    }
    if (element.value !== undefined) values.push(element.value)
  }
  return new ArrayList(values)
}

const one = (
  name: string,
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: NonNullable<CelFunction['call']>,
): CelFunction => ({ name, overloads: [{ id, params, result }], call })

const member = (
  name: string,
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: NonNullable<CelFunction['call']>,
): CelFunction => ({ name, overloads: [{ id, receiver: true, params, result }], call })

/** Optional values and the syntax for them: `cel.OptionalTypes()` of cel-go, version 2. */
export const optionalLibrary: CelLibrary = {
  name: 'cel.lib.optional',
  macros: optionalMacros,
  constants: {
    optional_type: { type: typeOf(optionalType(dynType)), value: new CelTypeValue('optional_type') },
  },
  functions: [
    one('optional.of', 'optional_of', [V], optionalOfV, (value) => new CelOptional(value)),
    one('optional.ofNonZeroValue', 'optional_ofNonZeroValue', [V], optionalOfV, (value) =>
      isZero(value!) ? CelOptional.none : new CelOptional(value),
    ),
    one('optional.none', 'optional_none', [], optionalOfV, () => CelOptional.none),
    one('optional.unwrap', 'optional_unwrap', [listType(optionalOfV)], listOfV, unwrap),
    member('unwrapOpt', 'optional_unwrapOpt', [listType(optionalOfV)], listOfV, unwrap),
    member('value', 'optional_value', [optionalOfV], V, (value) => {
      const inner = asOptional(value).value
      if (inner === undefined) throw new CelEvaluationError('optional.none() dereference')
      return inner
    }),
    member(
      'hasValue',
      'optional_hasValue',
      [optionalOfV],
      boolType,
      (value) => asOptional(value).value !== undefined,
    ),
    member('or', 'optional_or_optional', [optionalOfV, optionalOfV], optionalOfV, (value, other) =>
      asOptional(value).value === undefined ? other! : value!,
    ),
    member(
      'orValue',
      'optional_orValue_value',
      [optionalOfV, V],
      V,
      (value, other) => asOptional(value).value ?? other!,
    ),
    member('first', 'list_first', [listOfV], optionalOfV, (value) => atEnd(value, () => 0)),
    member('last', 'list_last', [listOfV], optionalOfV, (value) => atEnd(value, (size) => size - 1)),
    one('_?._', 'select_optional_field', [dynType, stringType], optionalOfV, (value, field) =>
      indexOptional(value!, field!),
    ),
    {
      name: '_[?_]',
      overloads: [
        { id: 'list_optindex_optional_int', params: [listOfV, intType], result: optionalOfV },
        {
          id: 'optional_list_optindex_optional_int',
          params: [optionalType(listOfV), intType],
          result: optionalOfV,
        },
        { id: 'map_optindex_optional_value', params: [mapOfKV, K], result: optionalOfV },
        {
          id: 'optional_map_optindex_optional_value',
          params: [optionalType(mapOfKV), K],
          result: optionalOfV,
        },
      ],
      call: (container, index) => indexOptional(container!, index!),
    },
    {
      name: '_[_]',
      overloads: [
        { id: 'optional_list_index_int', params: [optionalType(listOfV), intType], result: optionalOfV },
        { id: 'optional_map_index_value', params: [optionalType(mapOfKV), K], result: optionalOfV },
      ],
      call: (container, index) => indexValue(container!, index!),
    },
  ],
}
