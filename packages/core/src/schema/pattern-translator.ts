import { CharacterClass, namedClass, perlClass, posixClass } from './character-class.ts'

/** The message is that of Go's regexp package. */
export class PatternSyntaxError extends Error {
  constructor(code: string, expression: string) {
    super(`error parsing regexp: ${code}: \`${expression}\``)
  }
}

interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotMatchesNewline: boolean
}

const maxRepeat = 1000

const escapedControls: { readonly [letter: string]: number } = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }

/**
 * Rewrites RE2 syntax as the source of a `u`-flag regular expression that matches the same texts. Groups do not
 * capture and greediness is dropped, since only whether there is a match matters. Throws a
 * {@link PatternSyntaxError}.
 */
export function translatePattern(source: string): string {
  return new Translator(source).translate()
}

class Translator {
  readonly #characters: readonly string[]
  readonly #source: string
  #at = 0
  #flags: Flags = { ignoreCase: false, multiline: false, dotMatchesNewline: false }

  constructor(source: string) {
    this.#source = source
    this.#characters = [...source]
  }

  translate(): string {
    const translated = this.#alternatives()
    if (this.#at < this.#characters.length) throw new PatternSyntaxError('unexpected )', this.#source)
    return translated
  }

  /** Everything up to the end or to the parenthesis that closes the group. */
  #alternatives(): string {
    let translated = ''
    // The start of a repetition operator that directly precedes, which Perl syntax would stack upon.
    let repeatStart: number | undefined
    let atom: string | undefined
    const push = (next: string | undefined) => {
      translated += atom ?? ''
      atom = next
      repeatStart = undefined
    }
    while (this.#at < this.#characters.length) {
      const start = this.#at
      const character = this.#characters[start]!
      if (character === ')') break
      const repeat = this.#repeat()
      if (repeat !== undefined) {
        if (repeatStart !== undefined) {
          throw new PatternSyntaxError('invalid nested repetition operator', this.#text(repeatStart))
        }
        if (atom === undefined) {
          throw new PatternSyntaxError('missing argument to repetition operator', this.#text(start))
        }
        atom = `(?:${atom})${repeat}`
        repeatStart = start
        continue
      }
      if (character === '|') {
        this.#at++
        push(undefined)
        translated += '|'
      } else if (character === '\\' && this.#characters[start + 1] === 'Q') {
        for (const quoted of this.#quotation()) push(this.#literal(quoted.codePointAt(0)!))
      } else {
        const next = this.#atom(character)
        if (next !== undefined) push(next)
      }
    }
    push(undefined)
    return translated
  }

  #repeat(): string | undefined {
    const character = this.#characters[this.#at]!
    let repeat: string | undefined
    if (character === '*' || character === '+' || character === '?') {
      this.#at++
      repeat = character
    } else if (character === '{') {
      repeat = this.#countedRepeat()
    }
    if (repeat !== undefined && this.#characters[this.#at] === '?') this.#at++
    return repeat
  }

  /** `{2}`, `{2,}` or `{2,5}`; anything else that starts with a brace is literal. */
  #countedRepeat(): string | undefined {
    const match = /^\{(0|[1-9]\d*)(?:,(0|[1-9]\d*)?)?\}/.exec(this.#characters.slice(this.#at).join(''))
    if (match === null) return undefined
    const [text, min, max] = match
    const isTooMuch = Number(min) > maxRepeat || (max !== undefined && Number(max) > maxRepeat)
    if (isTooMuch || (max !== undefined && Number(max) < Number(min))) {
      throw new PatternSyntaxError('invalid repeat count', text)
    }
    this.#at += text.length
    return text
  }

  /** Undefined for what is no atom: flags for the rest of the group. */
  #atom(character: string): string | undefined {
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#bracketClass()
      case '\\':
        return this.#escape()
    }
    this.#at++
    switch (character) {
      case '^':
        return this.#flags.multiline ? '(?<![^\\n])' : '^'
      case '$':
        return this.#flags.multiline ? '(?![^\\n])' : '$'
      case '.':
        return this.#flags.dotMatchesNewline ? '[^]' : '[^\\n]'
      default:
        return this.#literal(character.codePointAt(0)!)
    }
  }

  #literal(codePoint: number): string {
    return new CharacterClass([[codePoint, codePoint]]).toSource(this.#flags.ignoreCase)
  }

  #group(): string | undefined {
    const outer = this.#flags
    this.#at++
    if (this.#characters[this.#at] === '?' && !this.#namedGroup() && !this.#flagGroup()) return undefined
    const translated = this.#alternatives()
    if (this.#characters[this.#at] !== ')') throw new PatternSyntaxError('missing closing )', this.#source)
    this.#at++
    this.#flags = outer
    return `(?:${translated})`
  }

  #namedGroup(): boolean {
    const rest = this.#characters.slice(this.#at).join('')
    const opening = /^\?P?</.exec(rest)
    if (opening === null) return false
    const name = /^\?P?<([^>]*)>/.exec(rest)
    if (name === null || !/^[A-Za-z0-9_]+$/.test(name[1]!)) {
      throw new PatternSyntaxError('invalid named capture', `(${name === null ? rest : name[0]}`)
    }
    this.#at += name[0].length
    return true
  }

  /** `(?i:` starts a group; for `(?i)`, whose flags hold to the end of the group around it, the answer is false. */
  #flagGroup(): boolean {
    const start = this.#at - 1
    const flags = { ...this.#flags }
    let negated = false
    let hasFlag = false
    this.#at++
    while (this.#at < this.#characters.length) {
      const character = this.#characters[this.#at++]!
      if (character === 'i') flags.ignoreCase = !negated
      else if (character === 'm') flags.multiline = !negated
      else if (character === 's') flags.dotMatchesNewline = !negated
      else if (character === '-' && !negated) {
        negated = true
        hasFlag = false
        continue
      } else if ((character === ':' || character === ')') && (!negated || hasFlag)) {
        this.#flags = flags
        return character === ':'
      } else if (character !== 'U') {
        throw new PatternSyntaxError('invalid or unsupported Perl syntax', this.#text(start))
      }
      hasFlag = true
    }
    throw new PatternSyntaxError('invalid or unsupported Perl syntax', this.#text(start))
  }

  #escape(): string {
    const letter = this.#characters[this.#at + 1]
    if (letter === undefined) throw new PatternSyntaxError('trailing backslash at end of expression', '')
    const assertion = { A: '^', z: '$', b: '\\b', B: '\\B' }[letter]
    if (assertion !== undefined) {
      this.#at += 2
      return assertion
    }
    const named = this.#escapedClass()
    if (named !== undefined) return named.toSource(this.#flags.ignoreCase)
    return this.#literal(this.#escapedCharacter())
  }

  /** The literal characters of `\Q…\E`. */
  #quotation(): string[] {
    this.#at += 2
    const rest = this.#characters.slice(this.#at).join('')
    const end = rest.indexOf('\\E')
    const quoted = [...(end < 0 ? rest : rest.slice(0, end))]
    this.#at += quoted.length + (end < 0 ? 0 : 2)
    return quoted
  }

  /** `\d`, `\pL`, `\p{Greek}` and their like, inside and outside of brackets. */
  #escapedClass(): CharacterClass | undefined {
    const letter = this.#characters[this.#at + 1] ?? ''
    const perl = perlClass(letter)
    if (perl !== undefined) {
      this.#at += 2
      return perl
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const rest = this.#characters.slice(this.#at).join('')
    const match = /^\\[pP](?:\{(\^?)([^}]*)\}|([^{]))/u.exec(rest)
    if (match === null) throw new PatternSyntaxError('invalid character class range', rest)
    const isNegated = (letter === 'P') !== (match[1] === '^')
    const named = namedClass(match[2] ?? match[3]!, isNegated)
    if (named === undefined) throw new PatternSyntaxError('invalid character class range', match[0])
    this.#at += [...match[0]].length
    return named
  }

  #escapedCharacter(): number {
    const start = this.#at
    const rest = this.#characters.slice(start, start + 16).join('')
    const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)
    if (octal !== null) {
      this.#at += octal[0].length
      return Number.parseInt(octal[0].slice(1), 8)
    }
    const hexadecimal = /^\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(rest)
    const code = Number.parseInt(hexadecimal?.[1] ?? hexadecimal?.[2] ?? '', 16)
    if (hexadecimal !== null && code <= 0x10ffff) {
      this.#at += hexadecimal[0].length
      return code
    }
    const letter = this.#characters[start + 1]
    if (letter === undefined) throw new PatternSyntaxError('trailing backslash at end of expression', '')
    this.#at += 2
    if (Object.hasOwn(escapedControls, letter)) return escapedControls[letter]!
    if (/^[!-/:-@[-`{-~]$/.test(letter)) return letter.codePointAt(0)!
    throw new PatternSyntaxError('invalid escape sequence', this.#text(start))
  }

  #bracketClass(): string {
    const start = this.#at
    this.#at++
    const isNegated = this.#characters[this.#at] === '^'
    if (isNegated) this.#at++
    const content = new CharacterClass([])
    for (let isFirst = true; isFirst || this.#characters[this.#at] !== ']'; isFirst = false) {
      if (this.#at >= this.#characters.length) throw this.#missingBracket(start)
      const inner =
        this.#posixClass() ?? (this.#characters[this.#at] === '\\' ? this.#escapedClass() : undefined)
      if (inner !== undefined) content.add(inner)
      else content.addRange(...this.#classRange(start))
    }
    this.#at++
    return content.toSource(this.#flags.ignoreCase, isNegated)
  }

  #posixClass(): CharacterClass | undefined {
    const match = /^\[:(\^?)(.*?):\]/s.exec(this.#characters.slice(this.#at).join(''))
    if (match === null) return undefined
    const posix = posixClass(match[2]!, match[1] === '^')
    if (posix === undefined) throw new PatternSyntaxError('invalid character class range', match[0])
    this.#at += [...match[0]].length
    return posix
  }

  #classRange(classStart: number): [number, number] {
    const start = this.#at
    const low = this.#classCharacter(classStart)
    const next = this.#characters[this.#at + 1]
    if (this.#characters[this.#at] !== '-' || next === ']' || next === undefined) return [low, low]
    this.#at++
    const high = this.#classCharacter(classStart)
    if (high < low) throw new PatternSyntaxError('invalid character class range', this.#text(start))
    return [low, high]
  }

  #classCharacter(classStart: number): number {
    const character = this.#characters[this.#at]
    if (character === undefined) throw this.#missingBracket(classStart)
    if (character === '\\') return this.#escapedCharacter()
    this.#at++
    return character.codePointAt(0)!
  }

  #missingBracket(start: number): PatternSyntaxError {
    return new PatternSyntaxError('missing closing ]', this.#characters.slice(start).join(''))
  }

  #text(start: number): string {
    return this.#characters.slice(start, this.#at).join('')
  }
}
