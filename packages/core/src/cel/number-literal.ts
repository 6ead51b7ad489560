import { CelUint } from './cel-value.ts'
import { InvalidLiteralError } from './invalid-literal-error.ts'

/** @throws InvalidLiteralError `invalid int literal` for one that an int64 does not hold */
export function parseInteger(text: string, negative: boolean): bigint {
  const value = negative ? -BigInt(text) : BigInt(text)
  if (BigInt.asIntN(64, value) !== value) throw new InvalidLiteralError('invalid int literal')
  return value
}

/** @throws InvalidLiteralError `invalid uint literal` */
export function parseUnsigned(text: string): CelUint {
  const value = BigInt(text)
  if (BigInt.asUintN(64, value) !== value) throw new InvalidLiteralError('invalid uint literal')
  return new CelUint(value)
}

/** @throws InvalidLiteralError `invalid double literal` for one that is beyond the largest */
export function parseDouble(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value)) throw new InvalidLiteralError('invalid double literal')
  return value
}
