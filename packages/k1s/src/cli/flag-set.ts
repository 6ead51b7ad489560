/**
 * Flags of one command, read as pflag of kubectl reads them: `-o json`, `-ojson`, `-o=json`, `--output json`,
 * `--output=json`, `--watch=false`, flags between arguments, `--` before what is no flag. Error texts are pflag's.
 *
 * commander knows neither `-o=json` nor `--watch=false`, and costs a third of what `get` may take to start.
 */

export interface Flag {
  /** Without dashes: `all-namespaces`. */
  readonly name: string
  readonly shorthand?: string
  /** Where its value goes, as commander names it: `allNamespaces`; `headers` for `--no-headers`. */
  readonly key: string
  readonly description: string
  /** `optional`: without `=value` the value is {@link bareValue}; the next argument is never taken. */
  readonly takes: 'nothing' | 'value' | 'optional'
  readonly placeholder: string
  readonly bareValue: string
  readonly defaultValue: unknown
  readonly parse?: ParseFlag
}

/** Turns the text of a flag into its value; `previous` is the value before, for flags that may be repeated. */
export type ParseFlag = (text: string, previous: never) => unknown

export interface ParsedFlags {
  readonly values: { readonly [key: string]: unknown }
  /** Keys of the flags that were given. */
  readonly changed: ReadonlySet<string>
  readonly args: readonly string[]
  /** `-h` or `--help` was given. */
  readonly help: boolean
}

/** A flag that cannot be understood. The text is pflag's, without where to find help. */
export class FlagError extends Error {
  override readonly name = 'FlagError'
  /** The unknown flag's name, for suggestions. */
  readonly unknownFlag: string | undefined

  constructor(message: string, unknownFlag?: string) {
    super(message)
    this.unknownFlag = unknownFlag
  }
}

export class FlagSet {
  readonly #flags: Flag[] = []

  get flags(): readonly Flag[] {
    return this.#flags
  }

  /**
   * Declares a flag in commander's notation: `-w, --watch` is true or false, `-o, --output <format>` takes a value,
   * `--dry-run [unchanged]` takes one after `=` only and is `unchanged` without (`[bool]`: `true`). `--no-x` sets
   * `x` to false.
   */
  option(spec: string, description: string, parse?: ParseFlag, defaultValue?: unknown): this {
    const [, shorthand, name, required, optional] =
      /^(?:-(\w), )?--([\w-]+)(?: <(.+)>| \[(.+)\])?$/.exec(spec) ?? []
    if (name === undefined) throw new TypeError(`invalid flag specification ${spec}`)
    const takes = required !== undefined ? 'value' : optional !== undefined ? 'optional' : 'nothing'
    this.#flags.push({
      name,
      ...(shorthand !== undefined && { shorthand }),
      key: camelCase(takes === 'nothing' ? name.replace(/^no-/, '') : name),
      description,
      takes,
      placeholder: required ?? optional ?? '',
      bareValue: optional === undefined || optional === 'bool' ? 'true' : optional,
      defaultValue,
      ...(parse !== undefined && { parse }),
    })
    return this
  }

  /** The index of the first argument that is neither a flag nor, as far as is known, a flag's value; or -1. */
  firstArgument(argv: readonly string[]): number {
    for (let i = 0; i < argv.length; i++) {
      const arg = argv[i]!
      if (arg === '--') return -1
      if (arg.length < 2 || !arg.startsWith('-')) return i
      const long = arg.startsWith('--')
      if (arg.includes('=') || (!long && arg.length > 2)) continue
      const name = arg.replace(/^--?/, '')
      const flag = this.#flags.find((candidate) => (long ? candidate.name : candidate.shorthand) === name)
      const takesNext = flag === undefined ? name !== (long ? 'help' : 'h') : flag.takes === 'value'
      if (takesNext) i++
    }
    return -1
  }

  /** Throws a FlagError. */
  parse(argv: readonly string[]): ParsedFlags {
    const values: { [key: string]: unknown } = {}
    for (const flag of this.#flags) {
      if (flag.defaultValue !== undefined) values[flag.key] = flag.defaultValue
    }
    const changed = new Set<string>()
    const args: string[] = []
    let help = false

    const set = (flag: Flag, text: string) => {
      values[flag.key] = readValue(flag, text, changed.has(flag.key) ? values[flag.key] : undefined)
      changed.add(flag.key)
    }

    for (let i = 0; i < argv.length; i++) {
      const arg = argv[i]!
      if (arg === '--') {
        args.push(...argv.slice(i + 1))
        break
      }
      if (arg.length < 2 || !arg.startsWith('-')) {
        args.push(arg)
        continue
      }
      if (arg.startsWith('--')) {
        const equals = arg.indexOf('=')
        const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals)
        if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`)
        const flag = this.#flags.find((candidate) => candidate.name === name)
        if (flag === undefined) {
          if (name !== 'help') throw new FlagError(`unknown flag: --${name}`, name)
          help = true
          continue
        }
        if (equals >= 0) set(flag, arg.slice(equals + 1))
        else if (flag.takes !== 'value') set(flag, flag.bareValue)
        else if (i + 1 < argv.length) set(flag, argv[++i]!)
        else throw new FlagError(`flag needs an argument: --${name}`)
        continue
      }
      let letters = arg.slice(1)
      while (letters !== '') {
        const letter = letters[0]!
        const flag = this.#flags.find((candidate) => candidate.shorthand === letter)
        if (flag === undefined) {
          if (letter !== 'h') throw new FlagError(`unknown shorthand flag: '${letter}' in ${arg}`)
          help = true
          break
        }
        const rest = letters.slice(1)
        letters = ''
        if (rest.startsWith('=')) set(flag, rest.slice(1))
        else if (flag.takes !== 'value') {
          set(flag, flag.bareValue)
          letters = rest
        } else if (rest !== '') set(flag, rest)
        else if (i + 1 < argv.length) set(flag, argv[++i]!)
        else throw new FlagError(`flag needs an argument: '${letter}' in ${arg}`)
      }
    }
    return { values, changed, args, help }
  }
}

function readValue(flag: Flag, text: string, previous: unknown): unknown {
  try {
    if (flag.takes === 'nothing') return parseBoolean(text) !== flag.name.startsWith('no-')
    return flag.parse === undefined ? text : flag.parse(text, previous as never)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (message.startsWith('invalid argument')) throw new FlagError(message)
    const names = flag.shorthand === undefined ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`
    throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${names}" flag: ${message}`)
  }
}

/** As strconv.ParseBool, with its error. */
export function parseBoolean(text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`)
}

/** As strconv.ParseInt, with its error. */
export function parseInteger(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
