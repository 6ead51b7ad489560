import { isIPv4, isIPv6 } from './network-address.ts'

const atomCharacter = "[!#-'*+\\-/-9=?A-Z^-~\\u{80}-\\u{10ffff}]"
const dotAtom = `${atomCharacter}+(?:\\.${atomCharacter}+)*`
const quotedString = '"(?:[\\t !#-[\\]-~\\u{80}-\\u{10ffff}]|\\\\[\\t -~\\u{80}-\\u{10ffff}])*"'

const addressSpec = new RegExp(
  `^[ \\t]*(${dotAtom}|${quotedString})@[ \\t]*(?:${dotAtom}|\\[([!-Z^-~]*)\\])`,
  'u',
)
const word = new RegExp(`^(?:${quotedString}|(?:${atomCharacter}|\\.)+)`, 'u')

/**
 * One address of RFC 5322, with or without a display name, as Go's `mail.ParseAddress` reads it. Groups
 * (`team: a@b;`) are not accepted.
 */
export function isEmailAddress(text: string): boolean {
  const bare = skipAddressSpec(text)
  if (bare !== undefined) return skipComments(bare) === ''
  const afterName = skipDisplayName(text.replace(/^[ \t]+/, ''))
  if (!afterName?.startsWith('<')) return false
  const afterSpec = skipAddressSpec(afterName.slice(1))
  return afterSpec?.startsWith('>') === true && skipComments(afterSpec.slice(1)) === ''
}

/** What follows `local@domain`, or undefined if the text does not start with one. */
function skipAddressSpec(text: string): string | undefined {
  const match = addressSpec.exec(text)
  if (match === null || match[1] === '""') return undefined
  const literal = match[2]
  if (literal !== undefined && !isIPv4(literal) && !isIPv6(literal)) return undefined
  return text.slice(match[0].length)
}

function skipDisplayName(text: string): string | undefined {
  let rest: string | undefined = text
  for (let match = word.exec(rest); match !== null; match = word.exec(rest)) {
    rest = skipComments(rest.slice(match[0].length))
    if (rest === undefined) return undefined
  }
  return rest
}

/** What follows spaces and nested comments, or undefined after an unclosed one. */
function skipComments(text: string): string | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '(') depth++
    else if (depth > 0 && character === ')') depth--
    else if (depth > 0 && character === '\\') at++
    else if (depth === 0 && character !== ' ' && character !== '\t') return text.slice(at)
  }
  return depth === 0 ? '' : undefined
}
