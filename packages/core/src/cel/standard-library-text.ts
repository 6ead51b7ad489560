import {
  boolType,
  bytesType,
  type CelType,
  intType,
  listType,
  mapType,
  paramType,
  stringType,
} from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import type { CelFunction, CelOverload } from './environment.ts'
import { noSuchOverload } from './evaluation-error.ts'
import { matchesPattern, preparePattern, regularExpression } from './regular-expression.ts'
import { unsupportedOperand } from './unsupported-operand.ts'
import { codePointCount, codePointWork, matchCost, textCost } from './value-size.ts'
import { isList, isMap } from './value-type.ts'

const listOfA = listType(paramType('A'))
const mapOfAB = mapType(paramType('A'), paramType('B'))

const SIZED: ReadonlySet<string> = new Set(['string', 'bytes', 'list', 'map'])

function size(value: CelValue): bigint {
  if (typeof value === 'string') return BigInt(codePointCount(value))
  if (value instanceof Uint8Array) return BigInt(value.length)
  if (isList(value) || isMap(value)) return BigInt(value.size)
  throw unsupportedOperand('size', value, SIZED)
}

const sizes: readonly (readonly [globalId: string, memberId: string, type: CelType])[] = [
  ['size_bytes', 'bytes_size', bytesType],
  ['size_list', 'list_size', listOfA],
  ['size_map', 'map_size', mapOfAB],
  ['size_string', 'string_size', stringType],
]

const countWork = ([value]: readonly CelValue[]) => (typeof value === 'string' ? codePointWork(value) : 0)

const sizeOverload = (id: string, type: CelType): CelOverload => ({
  id,
  params: [type],
  result: intType,
  work: countWork,
})

/** Matching takes a step per character and instruction, of which `a{1000}` makes far more than it has characters. */
const matchWork = ([text, pattern]: readonly CelValue[]) => {
  if (typeof text !== 'string' || typeof pattern !== 'string') return 0
  return pattern.length + (text.length * regularExpression(pattern).programSize) / 20
}

const matchesOverload: Omit<CelOverload, 'id'> = {
  params: [stringType, stringType],
  result: boolType,
  prepare: preparePattern,
  costBefore: ([text, pattern]) => matchCost(text!, pattern!),
  work: matchWork,
}

const textTest = (
  name: string,
  id: string,
  test: (text: string, part: string) => boolean,
  costBefore: (args: readonly CelValue[]) => number,
): CelFunction => ({
  name,
  overloads: [{ id, receiver: true, params: [stringType, stringType], result: boolType, costBefore }],
  call(text, part) {
    if (typeof text !== 'string' || typeof part !== 'string') throw noSuchOverload()
    return test(text, part)
  },
})

/** `size` and what tests a text. */
export const standardTextFunctions: readonly CelFunction[] = [
  {
    name: 'size',
    overloads: sizes.flatMap(([globalId, memberId, type]) => [
      sizeOverload(globalId, type),
      { ...sizeOverload(memberId, type), receiver: true },
    ]),
    call: (value) => size(value!),
  },
  textTest(
    'contains',
    'contains_string',
    (text, part) => text.includes(part),
    ([text, part]) => textCost(text!) * textCost(part!),
  ),
  textTest(
    'endsWith',
    'ends_with_string',
    (text, part) => text.endsWith(part),
    ([, part]) => textCost(part!),
  ),
  textTest(
    'startsWith',
    'starts_with_string',
    (text, part) => text.startsWith(part),
    ([, part]) => textCost(part!),
  ),
  {
    name: 'matches',
    overloads: [
      { id: 'matches', ...matchesOverload },
      { id: 'matches_string', receiver: true, ...matchesOverload },
    ],
    call(text, pattern) {
      if (typeof text !== 'string' || typeof pattern !== 'string') throw noSuchOverload()
      return matchesPattern(text, pattern)
    },
  },
]
