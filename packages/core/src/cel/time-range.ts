import { CelDuration, CelTimestamp } from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'

export const NANOSECONDS = 1_000_000_000n

/** 0001-01-01T00:00:00Z */
const FIRST = -62_135_596_800n * NANOSECONDS
/** 9999-12-31T23:59:59.999999999Z */
const LAST = 253_402_300_800n * NANOSECONDS - 1n

/** @throws CelEvaluationError for nanoseconds that an int64 does not hold */
export function checkedDuration(nanoseconds: bigint): CelDuration {
  if (BigInt.asIntN(64, nanoseconds) === nanoseconds) return new CelDuration(nanoseconds)
  throw new CelEvaluationError('integer overflow')
}

/** @throws CelEvaluationError for a time before the year 1 or after 9999 */
export function checkedTimestamp(nanoseconds: bigint, offsetSeconds = 0): CelTimestamp {
  if (nanoseconds >= FIRST && nanoseconds <= LAST) return new CelTimestamp(nanoseconds, offsetSeconds)
  throw new CelEvaluationError('timestamp overflow')
}

/** Division that rounds down. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}
