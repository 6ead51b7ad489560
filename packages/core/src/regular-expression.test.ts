import { describe, expect, it } from 'vitest'
import { compileRegularExpression, type RegularExpression } from './regular-expression.ts'

/** Patterns, and texts that match and do not match them in Go. */
const table: [pattern: string, matching: string[], other: string[]][] = [
  ['^[a-z]+$', ['abc'], ['abc\n', 'ABC']],
  ['(?i)^abc$', ['ABC'], ['abd']],
  ['\\Aab\\z', ['ab'], ['ab\n']],
  ['^[[:alpha:]_]+$', ['ab_'], ['a1']],
  ['^\\p{L}+$', ['é'], ['1']],
  ['^\\pN$', ['1'], ['a']],
  ['^a.c$', ['abc', 'a\rc', 'a😀c'], ['a\nc']],
  ['(?s)^a.c$', ['a\nc'], []],
  ['^(?P<x>a|b)+$', ['ab'], ['c']],
  ['^\\Qa.b\\E+$', ['a.b', 'a.bb'], ['axb']],
  ['[^\\x00-\\x{7F}]', ['é'], ['a']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{,3}$', ['a{,3}'], ['aaa']],
  ['^\\s$', [' '], [' ', '\u000b']],
  ['^[\\w\\-\\.]+$', ['a-b.c'], ['a b']],
  ['^[^\\s]+$', ['a b'], ['a b']],
  ['^\\S+$', ['a\u000bb'], ['a b']],
  ['a|b|', ['x'], []],
  ['^(foo|bar)(?:baz)?$', ['foo', 'foobaz'], ['baz']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['^]$', [']'], []],
  ['^{$', ['{'], []],
  ['^}$', ['}'], []],
  ['^[]a]$', [']'], ['b']],
  ['^[a-]$', ['-'], ['b']],
  ['^[a\\]b]$', [']'], []],
  ['^a(?i)b(?-i)c$', ['aBc'], ['aBC']],
  ['^(?i:a)b$', ['Ab'], ['AB']],
  ['^[[:^digit:]]$', ['a'], ['1']],
  ['^\\d{3}-\\d{4}$', ['123-4567'], ['١٢٣-4567']],
  ['^[\\d\\s]+$', ['1 2'], ['a']],
  ['\\bfoo\\b', ['a foo b'], ['afoo']],
  ['^\\/a\\_b\\"$', ['/a_b"'], []],
  ['^\\x41\\101$', ['AA'], []],
  ['^(?i)k$', ['K', 'K'], []],
  ['^[^a]$', ['\n', '😀'], []],
  ['^(a*)*$', ['aaa'], []],
  ['^(?U)a+$', ['aaa'], []],
  ['^\\a\\f\\t\\n\\r\\v$', ['\u0007\f\t\n\r\u000b'], []],
  ['^\\p{Greek}+$', ['αβ'], ['ab']],
  ['^\\P{Lu}$', ['a'], ['A']],
  ['^[\\p{Lu}\\p{Nd}]$', ['A', '1'], ['a']],
  ['^\\p{^Lu}$', ['a'], ['A']],
  ['^$', [''], ['a']],
  ['^((2(5[0-5]|[0-4][0-9])|[01]?[0-9]{1,2})\\.){3}$', ['1.2.3.'], ['256.1.1.']],
  ['^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$', ['a.b'], ['A']],
  ['^(?i)[a-c]+\\w$', ['AbC1'], []],
  ['^-?[0-9]+(\\.[0-9]+)?$', ['1.5', '-1'], []],
  ['^*a$', ['a'], []],
]

describe.each(table)('%s', (source, matching, other) => {
  const pattern = compileRegularExpression(source)
  const test = (text: string) => ('regexp' in pattern ? pattern.regexp.test(text) : pattern.error)

  it.each(matching)('matches %j', (text) => {
    expect(test(text)).toBe(true)
  })

  it.each(other)('does not match %j', (text) => {
    expect(test(text)).toBe(false)
  })
})

/** What Go says of expressions that it does not accept. */
const errors: [pattern: string, error: string][] = [
  ['(', 'error parsing regexp: missing closing ): `(`'],
  [')', 'error parsing regexp: unexpected ): `)`'],
  ['[', 'error parsing regexp: missing closing ]: `[`'],
  ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
  ['*a', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['(?<=a)', 'error parsing regexp: invalid named capture: `(?<=a)`'],
  ['(?!a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?!`'],
  ['\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
  ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
  ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
  ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
  ['\\y', 'error parsing regexp: invalid escape sequence: `\\y`'],
  ['(?P<a', 'error parsing regexp: invalid named capture: `(?P<a`'],
  ['(?P<a-b>x)', 'error parsing regexp: invalid named capture: `(?P<a-b>`'],
  ['[[:foo:]]', 'error parsing regexp: invalid character class range: `[:foo:]`'],
  ['\\p{Foo}', 'error parsing regexp: invalid character class range: `\\p{Foo}`'],
  ['(?z)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?z`'],
  ['a{2}{3}', 'error parsing regexp: invalid nested repetition operator: `{2}{3}`'],
  ['a|*', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['(*a)', 'error parsing regexp: missing argument to repetition operator: `*`'],
  ['a{3,2}', 'error parsing regexp: invalid repeat count: `{3,2}`'],
  ['[a', 'error parsing regexp: missing closing ]: `[a`'],
  ['\\C', 'error parsing regexp: invalid escape sequence: `\\C`'],
  ['a++', 'error parsing regexp: invalid nested repetition operator: `++`'],
  ['a???', 'error parsing regexp: invalid nested repetition operator: `???`'],
  ['(?i', 'error parsing regexp: invalid or unsupported Perl syntax: `(?i`'],
  ['(?P=x)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?P`'],
  ['\\8', 'error parsing regexp: invalid escape sequence: `\\8`'],
  ['\\pX', 'error parsing regexp: invalid character class range: `\\pX`'],
  ['[\\y]', 'error parsing regexp: invalid escape sequence: `\\y`'],
  ['(?#c)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?#`'],
  ['(?>a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?>`'],
  ['x{2,1}', 'error parsing regexp: invalid repeat count: `{2,1}`'],
  ['[a-\\d]', 'error parsing regexp: invalid escape sequence: `\\d`'],
  ['\\Z', 'error parsing regexp: invalid escape sequence: `\\Z`'],
  ['\\G', 'error parsing regexp: invalid escape sequence: `\\G`'],
  ['(?i-)a', 'error parsing regexp: invalid or unsupported Perl syntax: `(?i-)`'],
]

it.each(errors)('%s is refused', (source, error) => {
  expect(compileRegularExpression(source)).toEqual({ error })
})

it('names the whole expression where it nests too deeply', () => {
  const source = `${'('.repeat(1001)}${')'.repeat(1001)}`

  expect(compileRegularExpression(source)).toEqual({
    error: `error parsing regexp: expression nests too deeply: \`${source}\``,
  })
})

function compile(source: string): RegularExpression {
  const compiled = compileRegularExpression(source)
  if ('error' in compiled) throw new Error(compiled.error)
  return compiled.regexp
}

// A backtracking engine takes longer than the age of the universe for each of these.
it.each([
  ['^(a+)+$', `${'a'.repeat(1000)}b`],
  ['(a|a)*b', 'a'.repeat(100_000)],
  ['(x+x+)+y', 'x'.repeat(100_000)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(100_000)],
])('%s takes linear time', (source, text) => {
  expect(compile(source).test(text)).toBe(false)
  expect(compile(source).find(text)).toBeUndefined()
})

/** What `FindString` and `FindAllString` of Go answer. */
it.each([
  ['a+', 'baaac', 'aaa', ['aaa']],
  ['a|ab', 'ab', 'a', ['a']],
  ['a*', 'baac', '', ['', 'aa', '']],
  ['[a-c]|', '😀Σ~aé', '', ['', '', '', 'a', '']],
  ['[^]a]?', 'éé', 'é', ['é', 'é']],
  ['(?i)k', 'kK\u212a', 'k', ['k', 'K', '\u212a']],
  ['x', 'abc', undefined, []],
])('%s in %j finds %j', (source, text, first, all) => {
  const regexp = compile(source)

  expect(regexp.find(text)).toBe(first)
  expect(regexp.findAll(text, -1)).toEqual(all)
  expect(regexp.findAll(text, 1)).toEqual(all.slice(0, 1))
  expect(regexp.findAll(text, 0)).toEqual([])
})
