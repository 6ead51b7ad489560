/** Which style go-yaml v2 (libyaml's emitter) writes a string in. */
import { resolvePlainScalar } from './resolve-scalar.ts'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal'

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

// The strings that are nearly all of what objects hold: letters, no indicator, no space at an end.
const harmless = /^[A-Za-z_/$][\w/$.\-+=;()]*$/

/** The style of a string value, or of a key when `simpleKey` is set. */
export function scalarStyle(text: string, simpleKey: boolean): ScalarStyle {
  // Go-yaml writes a key `<<` plain, and then cannot read its own output.
  if (simpleKey && text === '<<') return 'double'
  const readsAsString = resolvePlainScalar(text).tag === '!!str' && !base60.test(text)
  if (readsAsString && harmless.test(text)) return 'plain'
  const analysis = analyzeScalar(text)
  if (text.includes('\n')) return analysis.literal && !simpleKey ? 'literal' : 'double'
  if (!readsAsString || (simpleKey && isMultiline(text))) return 'double'
  if (analysis.plain) return 'plain'
  return analysis.singleQuoted ? 'single' : 'double'
}

const lineBreak = /[\n\r\u0085\u2028\u2029]/

/** Whether the text holds any of YAML 1.1's line breaks. */
export function isMultiline(text: string): boolean {
  return lineBreak.test(text)
}

// Go-yaml counts what lies beyond the basic plane as unprintable. It does print U+2028 and U+2029, which are
// line breaks to YAML 1.1 alone; escaped, they read the same to every parser.
const unprintable = /[^\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/
const leadingIndicator = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?=[ \t]|$)|---|\.\.\.)/
const innerIndicator = /:(?:[ \t]|$)|[ \t\n]#/
const outerSpace = /^[ \n]|[ \n]$/

interface ScalarAnalysis {
  plain: boolean
  singleQuoted: boolean
  literal: boolean
}

/** Which styles can hold the text, after `yaml_emitter_analyze_scalar`. */
function analyzeScalar(text: string): ScalarAnalysis {
  const special = unprintable.test(text) || text.includes(' \n')
  const singleQuoted = !special && !text.includes('\n ')
  const indicators = leadingIndicator.test(text) || innerIndicator.test(text)
  return {
    plain: singleQuoted && !indicators && !outerSpace.test(text),
    singleQuoted,
    literal: !special && !text.endsWith(' '),
  }
}
