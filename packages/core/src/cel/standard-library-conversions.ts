import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  paramType,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import {
  toBool,
  toBytes,
  toDouble,
  toDuration,
  toInt,
  toText,
  toTimestamp,
  toType,
  toUint,
} from './conversion.ts'
import type { CelFunction, CelOverload } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { textCost, valueSize } from './value-size.ts'
import { isInstance, valueTypeName } from './value-type.ts'

const A = paramType('A')

/** What is parsed is charged as one step however long it is. */
const textWork = ([value]: readonly CelValue[]) => valueSize(value!) >> 6

/** A conversion function with an overload for each type that it takes. */
function conversion(
  name: string,
  result: CelType,
  convert: (value: CelValue) => CelValue,
  overloads: readonly (readonly [id: string, param: CelType])[],
): CelFunction {
  return {
    name,
    overloads: overloads.map(([id, param]): CelOverload => {
      const traverses = id === 'string_to_bytes' || id === 'bytes_to_string'
      const ofText = param.kind === 'string' && { work: textWork }
      return {
        id,
        params: [param],
        result,
        ...ofText,
        ...(traverses && { cost: ([value]) => textCost(value!) }),
      }
    }),
    call: (value) => {
      if (overloads.some(([, param]) => isInstance(value!, param))) return convert(value!)
      throw new CelEvaluationError(`no such overload: ${name}(${valueTypeName(value!)})`)
    },
  }
}

/** Functions named like types. */
export const standardConversions: readonly CelFunction[] = [
  conversion('type', typeOf(A), toType, [['type', A]]),
  conversion('bool', boolType, toBool, [
    ['bool_to_bool', boolType],
    ['string_to_bool', stringType],
  ]),
  conversion('bytes', bytesType, toBytes, [
    ['bytes_to_bytes', bytesType],
    ['string_to_bytes', stringType],
  ]),
  conversion('double', doubleType, toDouble, [
    ['double_to_double', doubleType],
    ['int64_to_double', intType],
    ['string_to_double', stringType],
    ['uint64_to_double', uintType],
  ]),
  conversion('duration', durationType, toDuration, [
    ['duration_to_duration', durationType],
    ['string_to_duration', stringType],
  ]),
  conversion('dyn', dynType, (value) => value, [['to_dyn', A]]),
  conversion('int', intType, toInt, [
    ['int64_to_int64', intType],
    ['double_to_int64', doubleType],
    ['duration_to_int64', durationType],
    ['string_to_int64', stringType],
    ['timestamp_to_int64', timestampType],
    ['uint64_to_int64', uintType],
  ]),
  conversion('string', stringType, toText, [
    ['string_to_string', stringType],
    ['bool_to_string', boolType],
    ['bytes_to_string', bytesType],
    ['double_to_string', doubleType],
    ['duration_to_string', durationType],
    ['int64_to_string', intType],
    ['timestamp_to_string', timestampType],
    ['uint64_to_string', uintType],
  ]),
  conversion('timestamp', timestampType, toTimestamp, [
    ['timestamp_to_timestamp', timestampType],
    ['int64_to_timestamp', intType],
    ['string_to_timestamp', stringType],
  ]),
  conversion('uint', uintType, toUint, [
    ['uint64_to_uint64', uintType],
    ['double_to_uint64', doubleType],
    ['int64_to_uint64', intType],
    ['string_to_uint64', stringType],
  ]),
]
