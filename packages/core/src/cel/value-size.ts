import { CelOptional, type CelValue } from './cel-value.ts'
import { isList, isMap } from './value-type.ts'

/** What is charged per character of text, or element of what is compared: `StringTraversalCostFactor` of cel-go. */
const TRAVERSAL = 0.1
/** What is charged per character of a pattern: `RegexStringLengthCostFactor` of cel-go. */
const PATTERN = 0.25

/** The size of a value as costs see it: `actualSize` of cel-go. */
export function valueSize(value: CelValue): number {
  if (typeof value === 'string') return codePointCount(value)
  if (value instanceof Uint8Array) return value.length
  if (isList(value) || isMap(value)) return value.size
  return value instanceof CelOptional && value.value !== undefined ? valueSize(value.value) : 1
}

/** The size of the smaller of two values. Of texts whose lengths leave no doubt, the longer one is not counted. */
export function smallerSize(a: CelValue, b: CelValue): number {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length >= 2 * b.length) return codePointCount(b)
    if (b.length >= 2 * a.length) return codePointCount(a)
  }
  return Math.min(valueSize(a), valueSize(b))
}

/** What it costs to go through a text once. */
export const textCost = (value: CelValue): number => Math.ceil(valueSize(value) * TRAVERSAL)

/** What it costs to compare two values. */
export const comparisonCost = (a: CelValue, b: CelValue): number => Math.ceil(smallerSize(a, b) * TRAVERSAL)

/** What it costs to join two texts. */
export const joinCost = (a: CelValue, b: CelValue): number =>
  Math.ceil((valueSize(a) + valueSize(b)) * TRAVERSAL)

/** What it costs to match a text with a regular expression. */
export const matchCost = (text: CelValue, pattern: CelValue): number =>
  Math.ceil((1 + valueSize(text)) * TRAVERSAL) * Math.ceil(valueSize(pattern) * PATTERN)

/** On a text of characters up to U+00FF, of which most are, this answers without a look at them. */
const SURROGATE = /[\ud800-\udbff]/

/** The code points of a text. */
export function codePointCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let count = text.length
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00)
      count--
  }
  return count
}

/** What counting code points takes, in steps of a budget's work. */
export const codePointWork = (text: string): number => text.length >> (SURROGATE.test(text) ? 4 : 7)
