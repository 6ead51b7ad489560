import { intType, listType, stringType } from '../cel-type.ts'
import type { CelList, CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import type { CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { formatValue } from '../format-value.ts'
import { textCost } from '../value-size.ts'
import { deepTraversal, doubleTraversal, resultTraversal, traversal } from './call-cost.ts'
import { codePointIndex, unitIndex } from './code-points.ts'
import { formatFunction } from './format-function.ts'
import { memberOverload, overload } from './overload.ts'
import { validateFormatCalls } from './validate-format.ts'

const outOfRange = (index: bigint) => new CelEvaluationError(`index out of range: ${index}`)

/** Where a code point starts, in UTF-16 units; the length of the text for the index behind the last. */
function requireUnit(text: string, index: bigint): number {
  const unit = index < 0n || index > BigInt(text.length) ? -1 : unitIndex(text, Number(index))
  if (unit < 0 || unit > text.length) throw outOfRange(index)
  return unit
}

function charAt(text: string, index: bigint): string {
  const unit = requireUnit(text, index)
  return unit === text.length ? '' : String.fromCodePoint(text.codePointAt(unit)!)
}

/** The unit at an index that may lie beyond the end of the text, which is clamped to `end`. */
function clampedUnit(text: string, index: bigint, end: number): number {
  if (index < 0n) throw outOfRange(index)
  return index >= BigInt(text.length) ? end : Math.min(unitIndex(text, Number(index)), end)
}

function indexOf(text: string, part: string, offset = 0n): bigint {
  const start = clampedUnit(text, offset, text.length)
  return indexAt(text, text.indexOf(part, start))
}

function lastIndexOf(text: string, part: string): bigint {
  return indexAt(text, text.lastIndexOf(part))
}

/** Before a character that is not there, nothing but the empty text is found. */
function lastIndexOfBefore(text: string, part: string, offset: bigint): bigint {
  const start = clampedUnit(text, offset, text.length)
  return start === text.length && part !== '' ? -1n : indexAt(text, text.lastIndexOf(part, start))
}

function indexAt(text: string, unit: number): bigint {
  return unit < 0 ? -1n : BigInt(codePointIndex(text, unit))
}

function replace(text: string, part: string, replacement: string, limit = -1n): string {
  const pieces = split(text, part, limit < 0n ? limit : limit + 1n)
  if (part !== '') return pieces.join(replacement)
  // The empty text is found before each character and at the end.
  const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)
  const characters = [...text]
  const replaced = characters.slice(0, most).map((character) => replacement + character)
  const end = most > characters.length ? replacement : ''
  return replaced.join('') + characters.slice(most).join('') + end
}

/** At most `limit` parts, of which the last has all that is left; all if `limit` is negative. */
function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (limit < 0n || BigInt(parts.length) <= limit) return parts
  const most = Number(limit)
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)]
}

function substring(text: string, start: bigint, end?: bigint): string {
  if (end === undefined) return text.slice(requireUnit(text, start))
  if (start > end) throw new CelEvaluationError(`invalid substring range. start: ${start}, end: ${end}`)
  return text.slice(requireUnit(text, start), requireUnit(text, end))
}

function join(list: CelList, separator = ''): string {
  const texts: string[] = []
  for (let index = 0; index < list.size; index++) {
    const element = list.at(index)
    if (typeof element !== 'string') {
      throw new CelEvaluationError(`join: invalid input: ${formatValue(element)}`)
    }
    texts.push(element)
  }
  return texts.join(separator)
}

/** Unlike JavaScript's, a byte order mark is none and U+0085 is one. */
const space = '[\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const leadingSpace = new RegExp(`^${space}+`)
const spaceCharacter = new RegExp(space)

function trim(text: string): string {
  const start = leadingSpace.exec(text)?.[0].length ?? 0
  let end = text.length
  while (end > start && spaceCharacter.test(text[end - 1]!)) end--
  return text.slice(start, end)
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/** In double quotes, with the escapes of CEL. */
function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  return `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (character) => escapes[character]!)}"`
}

const listOfStrings = listType(stringType)

/** Costs follow the text that is given; what is made of it may be much longer. */
const charactersPerStep = 16

function replaceWork([text, part, replacement]: readonly CelValue[]): number {
  const [given, found, put] = [text, part, replacement] as readonly string[] as [string, string, string]
  return ((given.length / Math.max(1, found.length) + 1) * put.length) / charactersPerStep
}

function joinWork([value, separator = '']: readonly CelValue[]): number {
  const list = value as CelList
  let length = list.size * (separator as string).length
  for (let index = 0; index < list.size; index++) {
    const element = list.at(index)
    if (typeof element === 'string') length += element.length
  }
  return length / charactersPerStep
}

/** CEL's functions of text: `cel-go/ext/strings.go`, version 2. */
export const stringsLibrary: CelLibrary = {
  name: 'cel.lib.ext.strings',
  mixedLiteralsIn: ['format'],
  validate: validateFormatCalls,
  functions: [
    {
      name: 'charAt',
      overloads: [
        {
          ...memberOverload('string_char_at_int', [stringType, intType], stringType, charAt),
          work: ([text]) => (text as string).length / charactersPerStep,
        },
      ],
    },
    {
      name: 'indexOf',
      overloads: [
        memberOverload(
          'string_index_of_string',
          [stringType, stringType],
          intType,
          (text: string, part: string) => indexOf(text, part),
          deepTraversal,
        ),
        memberOverload(
          'string_index_of_string_int',
          [stringType, stringType, intType],
          intType,
          indexOf,
          deepTraversal,
        ),
      ],
    },
    {
      name: 'lastIndexOf',
      overloads: [
        memberOverload(
          'string_last_index_of_string',
          [stringType, stringType],
          intType,
          lastIndexOf,
          deepTraversal,
        ),
        memberOverload(
          'string_last_index_of_string_int',
          [stringType, stringType, intType],
          intType,
          lastIndexOfBefore,
          deepTraversal,
        ),
      ],
    },
    {
      name: 'lowerAscii',
      overloads: [
        memberOverload(
          'string_lower_ascii',
          [stringType],
          stringType,
          (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
          traversal,
        ),
      ],
    },
    {
      name: 'upperAscii',
      overloads: [
        memberOverload(
          'string_upper_ascii',
          [stringType],
          stringType,
          (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
          traversal,
        ),
      ],
    },
    {
      name: 'replace',
      overloads: [
        memberOverload(
          'string_replace_string_string',
          [stringType, stringType, stringType],
          stringType,
          (text: string, part: string, replacement: string) => replace(text, part, replacement),
          doubleTraversal,
        ),
        memberOverload(
          'string_replace_string_string_int',
          [stringType, stringType, stringType, intType],
          stringType,
          replace,
          doubleTraversal,
        ),
      ].map((declared) => ({ ...declared, work: replaceWork })),
    },
    {
      name: 'split',
      overloads: [
        memberOverload(
          'string_split_string',
          [stringType, stringType],
          listOfStrings,
          (text: string, separator: string) => new ArrayList(split(text, separator)),
          doubleTraversal,
        ),
        memberOverload(
          'string_split_string_int',
          [stringType, stringType, intType],
          listOfStrings,
          (text: string, separator: string, limit: bigint) => new ArrayList(split(text, separator, limit)),
          doubleTraversal,
        ),
      ],
    },
    {
      name: 'substring',
      overloads: [
        memberOverload(
          'string_substring_int',
          [stringType, intType],
          stringType,
          (text: string, start: bigint) => substring(text, start),
          traversal,
        ),
        memberOverload(
          'string_substring_int_int',
          [stringType, intType, intType],
          stringType,
          substring,
          traversal,
        ),
      ],
    },
    { name: 'trim', overloads: [memberOverload('string_trim', [stringType], stringType, trim, traversal)] },
    {
      name: 'join',
      overloads: [
        memberOverload(
          'list_join',
          [listOfStrings],
          stringType,
          (list: CelList) => join(list),
          resultTraversal,
        ),
        memberOverload('list_join_string', [listOfStrings, stringType], stringType, join, resultTraversal),
      ].map((declared) => ({ ...declared, work: joinWork })),
    },
    {
      name: 'strings.quote',
      overloads: [overload('strings_quote', [stringType], stringType, quote, ([text]) => textCost(text))],
    },
    formatFunction,
  ],
}
