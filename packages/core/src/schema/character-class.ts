/** Sets of characters of a regular expression, in the vocabulary of RE2. */

type Range = readonly [low: number, high: number]

const lastCodePoint = 0x10ffff

/** Ranges of code points and Unicode properties, written as a `u`-flag character class. */
export class CharacterClass {
  readonly #ranges: Range[]
  /** Escapes such as `\p{Script=Greek}`. */
  readonly #properties: string[]

  constructor(ranges: readonly Range[], properties: readonly string[] = []) {
    this.#ranges = [...ranges]
    this.#properties = [...properties]
  }

  add(other: CharacterClass): void {
    this.#ranges.push(...other.#ranges)
    this.#properties.push(...other.#properties)
  }

  addRange(low: number, high: number): void {
    this.#ranges.push([low, high])
  }

  toSource(ignoreCase: boolean, isNegated = false): string {
    const ranges = ignoreCase ? this.#ranges.flatMap(withOtherCases) : this.#ranges
    const properties = ignoreCase ? this.#properties.flatMap(propertyWithOtherCases) : this.#properties
    const [only] = ranges
    if (ranges.length === 1 && properties.length === 0 && only![0] === only![1] && !isNegated) {
      return characterSource(only![0])
    }
    const content = ranges.map(([low, high]) =>
      low === high ? characterSource(low) : `${characterSource(low)}-${characterSource(high)}`,
    )
    return `[${isNegated ? '^' : ''}${content.join('')}${properties.join('')}]`
  }
}

function characterSource(codePoint: number): string {
  const character = String.fromCodePoint(codePoint)
  return /^[A-Za-z0-9_]$/.test(character) ? character : `\\u{${codePoint.toString(16)}}`
}

/** Characters outside of ASCII that fold to an ASCII letter. */
const asciiFolds: { readonly [letter: string]: number } = { k: 0x212a, K: 0x212a, s: 0x17f, S: 0x17f }

/** Ranges wider than this are taken to hold both cases already. */
const widestFoldedRange = 4096

function withOtherCases([low, high]: Range): Range[] {
  const ranges: Range[] = [[low, high]]
  if (high - low > widestFoldedRange) return ranges
  for (let codePoint = low; codePoint <= high; codePoint++) {
    const character = String.fromCodePoint(codePoint)
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      const folded = other.codePointAt(0)!
      if (folded !== codePoint && String.fromCodePoint(folded) === other) ranges.push([folded, folded])
    }
    const fold = asciiFolds[character]
    if (fold !== undefined) ranges.push([fold, fold])
  }
  return ranges
}

function propertyWithOtherCases(property: string): string[] {
  return /^\\p\{L[ult]\}$/.test(property) ? ['\\p{Lu}', '\\p{Ll}', '\\p{Lt}'] : [property]
}

function complement(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = []
  let next = 0
  for (const [low, high] of [...ranges].sort(([a], [b]) => a - b)) {
    if (low > next) gaps.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= lastCodePoint) gaps.push([next, lastCodePoint])
  return gaps
}

function ranges(text: string): Range[] {
  return [...text.matchAll(/(.)-(.)/gsu)].map(([, low, high]) => [
    low!.codePointAt(0)!,
    high!.codePointAt(0)!,
  ])
}

const perlClasses: { readonly [letter: string]: string } = {
  d: '0-9',
  s: '\t-\n\f-\r - ',
  w: '0-9A-Z_-_a-z',
}

/** `\d`, `\s`, `\w` and their negations, which RE2 defines in ASCII. */
export function perlClass(letter: string): CharacterClass | undefined {
  const positive = perlClasses[letter.toLowerCase()]
  if (positive === undefined) return undefined
  return new CharacterClass(letter in perlClasses ? ranges(positive) : complement(ranges(positive)))
}

const posixClasses: { readonly [name: string]: string } = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\x00-\x7f',
  blank: '\t-\t - ',
  cntrl: '\x00-\x1f\x7f-\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@[-`{-~',
  space: '\t-\r - ',
  upper: 'A-Z',
  word: '0-9A-Z_-_a-z',
  xdigit: '0-9A-Fa-f',
}

/** `[:alpha:]` and its siblings, or undefined for an unknown name. */
export function posixClass(name: string, isNegated: boolean): CharacterClass | undefined {
  if (!Object.hasOwn(posixClasses, name)) return undefined
  const positive = ranges(posixClasses[name]!)
  return new CharacterClass(isNegated ? complement(positive) : positive)
}

/** A general category or a script of Unicode, or undefined for an unknown name. */
export function namedClass(name: string, isNegated: boolean): CharacterClass | undefined {
  for (const property of [name, `Script=${name}`]) {
    if (property === name && !/^(?:Any|[CLMNPSZ][a-z]?)$/.test(name)) continue
    const source = `\\${isNegated ? 'P' : 'p'}{${property}}`
    if (isRegExp(source)) return new CharacterClass([], [source])
  }
  return undefined
}

function isRegExp(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}
