const simple = /^[A-Za-z]+$/
const letter = /^\p{L}$/u
const digit = /^\p{Nd}$/u

/** Sorts keys as go-yaml v2 does: numbers inside keys count as numbers, and letters come after all else. */
export function sortYamlKeys(keys: string[]): string[] {
  if (keys.every((key) => simple.test(key))) return keys.sort()
  const runes = new Map(keys.map((key) => [key, [...key]]))
  return keys.sort((a, b) => compareKeys(runes.get(a)!, runes.get(b)!))
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a[at] === b[at]) at++
  if (at === length) return a.length - b.length
  const left = a[at]!
  const right = b[at]!
  const leftIsLetter = letter.test(left)
  const rightIsLetter = letter.test(right)
  if (leftIsLetter !== rightIsLetter) return leftIsLetter ? 1 : -1
  if (leftIsLetter) return left.codePointAt(0)! - right.codePointAt(0)!
  // Behind other digits a zero is part of a longer number, not a leading zero.
  const seed = (left === '0' || right === '0') && followsNonZeroDigits(a, at) ? 1n : 0n
  const leftNumber = readNumber(a, at, seed)
  const rightNumber = readNumber(b, at, seed)
  if (leftNumber.value !== rightNumber.value) return leftNumber.value < rightNumber.value ? -1 : 1
  if (leftNumber.end !== rightNumber.end) return leftNumber.end - rightNumber.end
  return left.codePointAt(0)! - right.codePointAt(0)!
}

function followsNonZeroDigits(runes: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0 && digit.test(runes[index]!); index--) {
    if (runes[index] !== '0') return true
  }
  return false
}

/** The number that starts at a place, in 64 bits as Go has it: more digits wrap around. */
function readNumber(runes: readonly string[], start: number, seed: bigint): { value: bigint; end: number } {
  let value = seed
  let end = start
  for (; end < runes.length && digit.test(runes[end]!); end++) {
    value = value * 10n + BigInt(runes[end]!.codePointAt(0)! - 0x30)
  }
  return { value: BigInt.asIntN(64, value), end }
}
