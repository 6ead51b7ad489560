import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  dynType,
  intType,
  nullType,
  stringType,
  uintType,
} from './cel-type.ts'
import { CelUint, type CelValue } from './cel-value.ts'

/** The type of what a literal can be. */
export function literalType(value: CelValue): CelType {
  switch (typeof value) {
    case 'boolean':
      return boolType
    case 'bigint':
      return intType
    case 'number':
      return doubleType
    case 'string':
      return stringType
  }
  if (value === null) return nullType
  if (value instanceof CelUint) return uintType
  return value instanceof Uint8Array ? bytesType : dynType
}
