import { newQuantity, parseQuantity, Quantity } from '@k1s/apimachinery'
import { boolType, doubleType, intType, opaqueType, stringType } from '../cel-type.ts'
import type { CelOpaque, CelValue } from '../cel-value.ts'
import type { CelFunction, CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { traversal } from './call-cost.ts'
import { addAmounts, type Int64Amount, readInt64Amount, toInt64 } from './int64-amount.ts'
import { memberOverload, overload } from './overload.ts'

const quantityType = opaqueType('kubernetes.Quantity')

class QuantityValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = quantityType
  readonly quantity: Quantity
  readonly amount: Int64Amount | undefined
  /** At least as many as the number has. */
  readonly digits: number

  constructor(quantity: Quantity, amount: Int64Amount | undefined, digits: number) {
    this.quantity = quantity
    this.amount = amount
    this.digits = digits
  }

  equals(other: CelValue): boolean {
    return other instanceof QuantityValue && this.quantity.equals(other.quantity)
  }
}

function parse(text: string): QuantityValue {
  const quantity = tryParse(text)
  if (quantity instanceof Quantity) return new QuantityValue(quantity, readInt64Amount(text), text.length)
  throw new CelEvaluationError(quantity.error)
}

/** All errors of the parser are about the text. */
function tryParse(text: string): Quantity | { error: string } {
  try {
    return parseQuantity(text)
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function sum(left: QuantityValue, right: QuantityValue): QuantityValue {
  const amount = left.amount && right.amount && addAmounts(left.amount, right.amount)
  try {
    return new QuantityValue(
      left.quantity.add(right.quantity),
      amount,
      Math.max(left.digits, right.digits) + 1,
    )
  } catch (error) {
    if (error instanceof RangeError) throw new CelEvaluationError(error.message)
    throw error
  }
}

function negate({ quantity, amount, digits }: QuantityValue): QuantityValue {
  const negated = amount && { value: -amount.value, scale: amount.scale }
  return new QuantityValue(quantity.neg(), negated, digits)
}

function fromInt(value: bigint): QuantityValue {
  return new QuantityValue(newQuantity(value, 'DecimalExponent'), { value, scale: 0 }, 19)
}

function asInteger({ amount }: QuantityValue): bigint {
  const value = amount && toInt64(amount)
  if (value === undefined) throw new CelEvaluationError('cannot convert value to integer')
  return value
}

/** In two roundings, as Go computes it: `0.3` is 0.30000000000000004. Large numbers are held in billionths. */
function asApproximateFloat({ quantity, amount }: QuantityValue): number {
  if (amount === undefined) {
    const nearest = quantity.asNumber()
    return Number.isFinite(nearest) ? Number(quantity.scaledValue(-9)) * 1e-9 : nearest
  }
  return Number(amount.value) * Number(`1e${amount.scale}`)
}

const compare = (left: QuantityValue, right: QuantityValue) => left.quantity.compare(right.quantity)

/** Steps of 0.1 µs for numbers of many digits, which take the square of their count. */
const stepsFor = (digits: number) => digits ** 2 / 50_000

function work(args: readonly CelValue[]): number {
  let steps = 0
  for (const value of args) {
    if (typeof value === 'string') steps += stepsFor(value.length)
    if (value instanceof QuantityValue) steps += stepsFor(value.digits)
  }
  return steps
}

const pair = [quantityType, quantityType] as const
const withInt = [quantityType, intType] as const

const functions: readonly CelFunction[] = [
  {
    name: 'quantity',
    overloads: [overload('string_to_quantity', [stringType], quantityType, parse, traversal)],
  },
  {
    name: 'isQuantity',
    overloads: [
      overload(
        'is_quantity_string',
        [stringType],
        boolType,
        (text: string) => tryParse(text) instanceof Quantity,
        traversal,
      ),
    ],
  },
  {
    // Kubernetes declares it as no member, unlike its documentation.
    name: 'sign',
    overloads: [
      overload('quantity_sign', [quantityType], intType, ({ quantity }: QuantityValue) =>
        BigInt(quantity.sign),
      ),
    ],
  },
  {
    name: 'isGreaterThan',
    overloads: [
      memberOverload(
        'quantity_is_greater_than',
        pair,
        boolType,
        (left: QuantityValue, right: QuantityValue) => compare(left, right) > 0,
      ),
    ],
  },
  {
    name: 'isLessThan',
    overloads: [
      memberOverload(
        'quantity_is_less_than',
        pair,
        boolType,
        (left: QuantityValue, right: QuantityValue) => compare(left, right) < 0,
      ),
    ],
  },
  {
    name: 'compareTo',
    overloads: [
      memberOverload('quantity_compare_to', pair, intType, (left: QuantityValue, right: QuantityValue) =>
        BigInt(compare(left, right)),
      ),
    ],
  },
  {
    name: 'asApproximateFloat',
    overloads: [memberOverload('quantity_get_float', [quantityType], doubleType, asApproximateFloat)],
  },
  {
    name: 'asInteger',
    overloads: [memberOverload('quantity_get_int', [quantityType], intType, asInteger)],
  },
  {
    name: 'isInteger',
    overloads: [
      memberOverload(
        'quantity_is_integer',
        [quantityType],
        boolType,
        ({ amount }: QuantityValue) => amount !== undefined && toInt64(amount) !== undefined,
      ),
    ],
  },
  {
    name: 'add',
    overloads: [
      memberOverload('quantity_add', pair, quantityType, sum),
      memberOverload('quantity_add_int', withInt, quantityType, (left: QuantityValue, right: bigint) =>
        sum(left, fromInt(right)),
      ),
    ],
  },
  {
    name: 'sub',
    overloads: [
      memberOverload('quantity_sub', pair, quantityType, (left: QuantityValue, right: QuantityValue) =>
        sum(left, negate(right)),
      ),
      memberOverload('quantity_sub_int', withInt, quantityType, (left: QuantityValue, right: bigint) =>
        sum(left, negate(fromInt(right))),
      ),
    ],
  },
]

/** Quantities of resources: `k8s.io/apiserver/pkg/cel/library/quantity.go`. */
export const quantityLibrary: CelLibrary = {
  name: 'kubernetes.quantity',
  functions: functions.map(({ name, overloads }) => ({
    name,
    overloads: overloads.map((declared) => ({ ...declared, work })),
  })),
}
