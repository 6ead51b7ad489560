import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newQuantity, parseQuantity, Quantity, type QuantityFormat } from './quantity.ts'

const si = 'DecimalSI'
const bin = 'BinarySI'
const exp = 'DecimalExponent'
const maxInt64 = 2n ** 63n - 1n

/** What each text is worth, as in the tests of Kubernetes: unscaled number, power of ten, format. */
const parsed: [string, bigint | number, number, QuantityFormat][] = [
  ['0', 0, 0, si],
  ['0n', 0, 0, si],
  ['0m', 0, 0, si],
  ['0Ki', 0, 0, bin],
  ['0k', 0, 0, si],
  ['0Ti', 0, 0, bin],
  ['1', 1, 0, si],
  ['1Ki', 1024, 0, bin],
  ['8Ki', 8 * 1024, 0, bin],
  ['7Mi', 7 * 1024 ** 2, 0, bin],
  ['6Gi', 6 * 1024 ** 3, 0, bin],
  ['5Ti', 5 * 1024 ** 4, 0, bin],
  ['4Pi', 4 * 1024 ** 5, 0, bin],
  ['3Ei', 3 * 1024 ** 6, 0, bin],
  ['100Ti', 100 * 1024 ** 4, 0, bin],
  ['5n', 5, -9, si],
  ['4u', 4, -6, si],
  ['3m', 3, -3, si],
  ['9', 9, 0, si],
  ['8k', 8, 3, si],
  ['50k', 5, 4, si],
  ['7M', 7, 6, si],
  ['6G', 6, 9, si],
  ['5T', 5, 12, si],
  ['40T', 4, 13, si],
  ['300T', 3, 14, si],
  ['2P', 2, 15, si],
  ['1E', 1, 18, si],
  ['1E-3', 1, -3, exp],
  ['1e3', 1, 3, exp],
  ['1E6', 1, 6, exp],
  ['1e14', 1, 14, exp],
  ['1E18', 1, 18, exp],
  ['100.035k', 100035, 0, si],
  ['0.001', 1, -3, si],
  ['0.0005k', 5, -1, si],
  ['0.05', 5, -2, si],
  ['0.00050k', 5, -1, si],
  ['0.50000', 5, -1, si],
  ['0.5e0', 5, -1, exp],
  ['0.5e-2', 5, -3, exp],
  ['10.035M', 10035, 3, si],
  ['1.2e3', 12, 2, exp],
  ['1.3E+6', 13, 5, exp],
  ['1.53E12', 153, 10, exp],
  ['1.7E18', 17, 17, exp],
  ['9.01', 901, -2, si],
  ['7.123456M', 7123456, 0, si],
  ['6.987654321G', 6987654321, 0, si],
  ['300.2T', 3002, 11, si],
  ['1.01E', 101, 16, si],
  ['3.001n', 4, -9, si],
  ['1.1E-9', 2, -9, exp],
  ['0.0000000001', 1, -9, si],
  ['0.00000000050', 1, -9, si],
  ['0.5e-9', 1, -9, exp],
  ['0.9n', 1, -9, si],
  ['0.00000012345', 124, -9, si],
  ['0.00000012354', 124, -9, si],
  ['9Ei', maxInt64, 0, bin],
  ['9223372036854775807Ki', maxInt64, 0, bin],
  ['12E', 12, 18, si],
  ['100.035Ki', 10243584, -2, bin],
  ['0.5Mi', 0.5 * 1024 ** 2, 0, bin],
  ['0.05Gi', 536870912, -1, bin],
  ['0.025Ti', 274877906944, -1, bin],
  ['0.000000000001Ki', 2, -9, si],
  ['.001', 1, -3, si],
  ['.0001k', 100, -3, si],
  ['1.', 1, 0, si],
  ['1.G', 1, 9, si],
]

describe('parsing', () => {
  test.each(parsed)('%s', (text, unscaled, scale, format) => {
    for (const [sign, factor] of [
      ['', 1n],
      ['+', 1n],
      ['-', -1n],
    ] as const) {
      const quantity = parseQuantity(sign + text)
      expect(quantity.equals(newQuantity(BigInt(unscaled) * factor, format, scale))).toBe(true)
      expect(quantity.format).toBe(format)
    }
  })

  const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
  const suffix = "unable to parse quantity's suffix"
  test.each([
    ['', format],
    ['1.1.M', format],
    ['1+1.0M', format],
    ['0.1am', format],
    ['aoeu', format],
    [' 1', format],
    ['1 ', format],
    ['1\n', format],
    ['--1', suffix],
    ['0.1mi', suffix],
    ['.5i', suffix],
    ['1i', suffix],
    ['-3.01i', suffix],
    ['-3.01e-', suffix],
    ['1e', suffix],
    ['1K', suffix],
    ['1e9999999999', suffix],
    ['.e-10', 'unable to parse numeric part of quantity'],
  ])('%j is refused in the words of Kubernetes', (text, message) => {
    expect(() => parseQuantity(text)).toThrow(new Error(message))
  })
})

describe('canonical text', () => {
  test.each([
    ['1024Mi', '1Gi'],
    ['307200Ki', '300Mi'],
    ['6Ki', '6Ki'],
    ['1025024Mi', '1001Gi'],
    ['1024Gi', '1Ti'],
    ['1025Ki', '1025Ki'],
    ['5000m', '5'],
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['1.5Gi', '1536Mi'],
    ['0.1Ki', '102400m'],
    ['0.5Ki', '512'],
    ['.001Ki', '1024m'],
    ['.000001Ki', '1024u'],
    ['.000000001Ki', '1024n'],
    ['.000000000001Ki', '2n'],
    ['1000M', '1G'],
    ['0.001T', '1G'],
    ['1000u', '1m'],
    ['1.08', '1080m'],
    ['1080000000n', '1080m'],
    ['1234567M', '1234567M'],
    ['1000', '1k'],
    ['1025', '1025'],
    ['.001e12', '1e9'],
    ['0.001e0', '1e-3'],
    ['1000e-12', '1e-9'],
    ['10e3', '10e3'],
    ['1e4', '10e3'],
    ['1E3', '1E3'],
    ['0.5e0', '500e-3'],
    ['00', '0'],
    ['0Ki', '0'],
    ['0m', '0'],
    ['9Ei', '9223372036854775807'],
    ['12E', '12E'],
    ['1000E', '1000E'],
    ['1e1000000000', '10e999999999'],
    ['1e-1000000000', '1e-9'],
  ])('%s is %s', (text, canonical) => {
    expect(parseQuantity(text).toString()).toBe(canonical)
    expect(JSON.stringify({ quantity: parseQuantity(text) })).toBe(`{"quantity":"${canonical}"}`)
    const isZero = canonical === '0'
    expect(parseQuantity(`-${text}`).toString()).toBe(isZero ? '0' : `-${canonical}`)
  })

  test('texts that Kubernetes keeps as they are are kept, until something is computed', () => {
    for (const text of ['1.500', '+5', '1.', '1E3']) expect(parseQuantity(text).toString()).toBe(text)
    expect(parseQuantity('1.500').add(parseQuantity('0')).toString()).toBe('1500m')
  })

  test('of integers follows the format', () => {
    expect(newQuantity(1024 ** 2, bin).toString()).toBe('1Mi')
    expect(newQuantity(1000, bin).toString()).toBe('1k')
    expect(newQuantity(1_234_000).toString()).toBe('1234k')
    expect(newQuantity(1_000_000, exp).toString()).toBe('1e6')
    expect(newQuantity(1024, bin, -3).toString()).toBe('1024m')
    expect(newQuantity(2n ** 80n, bin).toString()).toBe('1048576Ei')
    expect(newQuantity(1, si, -12).toString()).toBe('1n')
  })
})

describe('comparison', () => {
  test.each<[string, string, number]>([
    ['0', '0Ki', 0],
    ['100m', '50m', 1],
    ['50m', '100m', -1],
    ['10000T', '100Gi', 1],
    ['1Ki', '1024', 0],
    ['1k', '1Ki', -1],
    ['-1', '1', -1],
    ['-2', '-1', -1],
    ['-1k', '-999', -1],
    ['0', '-1n', 1],
    ['9.01', '9.010', 0],
    ['1e1000000000', '1e999999999', 1],
    ['1e1000000000', '1', 1],
  ])('%s and %s: %s', (left, right, expected) => {
    expect(parseQuantity(left).compare(parseQuantity(right))).toBe(expected)
    expect(parseQuantity(right).compare(parseQuantity(left))).toBe(expected === 0 ? 0 : -expected)
  })
})

describe('arithmetic', () => {
  test.each([
    ['10', '1Ki', '1034', '-1014'],
    ['1Gi', '24Mi', '1048Mi', '1000Mi'],
    ['100m', '0', '100m', '100m'],
    ['0', '1Gi', '1Gi', '-1Gi'],
    ['0', '0', '0', '0'],
    ['1', '1', '2', '0'],
    ['1', '1n', '1000000001n', '999999999n'],
    ['9223372036854775807', '1', '9223372036854775808', '9223372036854775806'],
  ])('%s and %s: sum %s, difference %s', (left, right, sum, difference) => {
    expect(parseQuantity(left).add(parseQuantity(right)).toString()).toBe(sum)
    expect(parseQuantity(left).sub(parseQuantity(right)).toString()).toBe(difference)
  })

  test('does not change its operands', () => {
    const one = parseQuantity('1')
    one.add(one)
    one.neg()
    expect(one.toString()).toBe('1')
  })

  test('refuses what would take a billion digits', () => {
    const huge = parseQuantity('1e1000000000')
    expect(() => huge.add(parseQuantity('1'))).toThrow(RangeError)
    expect(() => huge.value()).toThrow('quantity 10e999999999 is too large for an integer')
    expect(() => newQuantity(1, bin, 1e9)).toThrow(RangeError)
    expect(huge.add(parseQuantity('0')).equals(huge)).toBe(true)
  })
})

test.each([
  ['1500m', 2n, 1500n, 1.5],
  ['-1500m', -2n, -1500n, -1.5],
  ['1n', 1n, 1n, 1e-9],
  ['9.01', 10n, 9010n, 9.01],
  ['2Ki', 2048n, 2_048_000n, 2048],
  ['1.1Ki', 1127n, 1_126_400n, 1126.4],
  ['12E', 12n * 10n ** 18n, 12n * 10n ** 21n, 1.2e19],
  ['0', 0n, 0n, 0],
])('%s has the value %s, %s thousandths, and is the number %s', (text, value, milliValue, number) => {
  const quantity = parseQuantity(text)
  expect(quantity.value()).toBe(value)
  expect(quantity.milliValue()).toBe(milliValue)
  expect(quantity.asNumber()).toBe(number)
})

test('what is larger than any double is infinite as a number', () => {
  expect(parseQuantity('-12e500').asNumber()).toBe(Number.NEGATIVE_INFINITY)
})

describe('properties', () => {
  const quantity = fc
    .tuple(
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.integer({ min: -9, max: 20 }),
      fc.constantFrom(si, bin, exp),
    )
    .map(([unscaled, scale, format]) => new Quantity(unscaled, scale, format as QuantityFormat))
  const text = fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      fc.stringMatching(/^[0-9]{1,20}(\.[0-9]{0,12})?$/),
      fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'E', 'Ki', 'Mi', 'Ti', 'Ei', 'e3', 'E-5', 'e+7'),
    )
    .map((parts) => parts.join(''))

  test('the canonical text is the same number and stays as it is', () => {
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseQuantity(input)
        const again = parseQuantity(parsed.toString())
        expect(again.equals(parsed)).toBe(true)
        expect(again.toString()).toBe(parsed.toString())
      }),
    )
  })

  test('a quantity survives its text, unless a binary suffix bounds it', () => {
    fc.assert(
      fc.property(quantity, (q) => {
        const again = parseQuantity(q.toString())
        if (again.format !== bin) expect(again.compare(q)).toBe(0)
        else expect(again.value() === q.value() || again.value() * BigInt(q.sign) === maxInt64).toBe(true)
      }),
    )
  })

  test('sums commute and differences undo them', () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        expect(a.add(b).equals(b.add(a))).toBe(true)
        expect(a.add(b).sub(b).equals(a)).toBe(true)
        expect(a.sub(b).equals(b.sub(a).neg())).toBe(true)
      }),
    )
  })

  test('the order is that of the differences', () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        expect(a.compare(b)).toBe(a.sub(b).sign)
      }),
    )
  })
})
