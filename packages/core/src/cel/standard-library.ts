import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  nullType,
  paramType,
  stringType,
  timestampType,
  typeOf,
  uintType,
} from './cel-type.ts'
import { CelTypeValue, type CelValue } from './cel-value.ts'
import type { CelLibrary } from './environment.ts'
import { standardConversions } from './standard-library-conversions.ts'
import { standardOperators } from './standard-library-operators.ts'
import { standardTextFunctions } from './standard-library-text.ts'
import { standardTimeFunctions } from './standard-library-time.ts'

const typeConstant = (name: string, type: CelType): [string, { type: CelType; value: CelValue }] => [
  name,
  { type: typeOf(type), value: new CelTypeValue(name) },
]

/** What every expression can name: `common/stdlib` of cel-go. */
export const standardLibrary: CelLibrary = {
  name: 'cel.lib.std',
  functions: [
    ...standardOperators,
    ...standardConversions,
    ...standardTextFunctions,
    ...standardTimeFunctions,
  ],
  constants: Object.fromEntries([
    typeConstant('bool', boolType),
    typeConstant('bytes', bytesType),
    typeConstant('double', doubleType),
    typeConstant('google.protobuf.Duration', durationType),
    typeConstant('google.protobuf.Timestamp', timestampType),
    typeConstant('int', intType),
    typeConstant('list', listType(dynType)),
    typeConstant('map', mapType(dynType, dynType)),
    typeConstant('null_type', nullType),
    typeConstant('string', stringType),
    typeConstant('type', typeOf(paramType('A'))),
    typeConstant('uint', uintType),
  ]),
}
