import { codePointCount } from '../value-size.ts'

// CEL counts characters as code points, JavaScript as UTF-16 units.

/** How many code points precede the UTF-16 unit at `unit`. */
export function codePointIndex(text: string, unit: number): number {
  return codePointCount(text.slice(0, unit))
}

/** Where the code point at `index` starts, in UTF-16 units; beyond the end for one that is not there. */
export function unitIndex(text: string, index: number): number {
  let unit = 0
  for (let count = 0; count < index; count++) {
    if (unit >= text.length) return text.length + 1
    unit += text.codePointAt(unit)! > 0xffff ? 2 : 1
  }
  return unit
}
