/** A part of a format string that an argument takes the place of: `%s`, `%.2f`. */
export interface Clause {
  readonly verb: ClauseVerb
  /** The number between dot and verb. */
  readonly precision: number | undefined
}

export type ClauseVerb = 's' | 'd' | 'f' | 'e' | 'b' | 'x' | 'X' | 'o'

/** A format string that cannot be read, or an argument that does not fit. */
export class FormatError extends Error {}

/** Called for each clause with the index of its argument, which `requireArgument` has been asked for before. */
export interface FormatArguments {
  readonly count: number
  requireArgument(index: number): void
  format(clause: Clause, index: number): string
}

/** Throws a {@link FormatError}, in cel-go's words. */
export function interpolate(format: string, args: FormatArguments): string {
  let text = ''
  let next = 0
  let used = 0
  for (let percent = format.indexOf('%'); percent >= 0; percent = format.indexOf('%', next)) {
    text += format.slice(next, percent)
    if (format[percent + 1] === '%') {
      text += '%'
      next = percent + 2
      continue
    }
    args.requireArgument(used)
    if (percent + 1 === format.length) throw new FormatError('unexpected end of string')
    if (used >= args.count) throw new FormatError(`index ${used} out of range`)
    const { clause, end } = describe('could not parse formatting clause', () =>
      readClause(format, percent + 1))
    const index = used++
    text += describe('error during formatting', () => args.format(clause, index))
    next = end
  }
  return text + format.slice(next)
}

function describe<T>(context: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    error.message = `${context}: ${error.message}`
    throw error
  }
}

const verbs: ReadonlySet<string> = new Set(['s', 'd', 'f', 'e', 'b', 'x', 'X', 'o'] satisfies ClauseVerb[])

function readClause(format: string, start: number): { clause: Clause; end: number } {
  const [precisionText] = /^(?:\.\d*)?/.exec(format.slice(start)) as unknown as [string]
  const at = start + precisionText.length
  if (at === format.length) {
    throw new FormatError('error while parsing precision: could not find end of precision specifier')
  }
  const precision = precisionText === '' ? undefined : parsePrecision(precisionText.slice(1))
  const verb = format[at]!
  if (!verbs.has(verb)) {
    // cel-go looks at the first byte of a character.
    const byte = String.fromCharCode(Buffer.from(format.slice(at, at + 2))[0]!)
    throw new FormatError(`unrecognized formatting clause "${byte}"`)
  }
  return { clause: { verb: verb as ClauseVerb, precision }, end: at + 1 }
}

function parsePrecision(digits: string): number {
  const problem =
    digits === '' ? 'invalid syntax' : Number(digits) >= 2 ** 63 ? 'value out of range' : undefined
  if (problem === undefined) return Number(digits)
  throw new FormatError(
    `error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "${digits}": ${problem}`,
  )
}
