/** The forms in which a command line names resources. Texts and rules are those of `resource.Builder`. */

export interface ResourceTuple {
  readonly type: string
  readonly name: string
}

/** Splits at commas and drops what comes twice. */
export function splitResourceArgument(argument: string): string[] {
  return [...new Set(argument.split(','))]
}

/** `a,b x y` means `a/x a/y b/x b/y`. */
export function expandTypeList(args: readonly string[]): readonly string[] {
  const [first = '', ...names] = args
  if (names.length === 0) return args
  const types = splitResourceArgument(first)
  if (types.length === 1) return args
  return types.flatMap((type) => names.map((name) => `${type}/${name}`))
}

/**
 * Whether the arguments are all of the form `type/name`.
 *
 * @throws Error if only some are.
 */
export function areTypeNamePairs(args: readonly string[]): boolean {
  const pairs = args.filter((argument) => argument.includes('/')).length
  if (pairs === 0) return false
  if (pairs === args.length) return true
  throw new Error(
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'k1s get resource/<resource_name>' instead of 'k1s get resource resource/<resource_name>'",
  )
}

/**
 * Reads `type/name`; undefined without a slash.
 *
 * @throws Error on more than one slash or an empty part.
 */
export function parseTypeName(argument: string): ResourceTuple | undefined {
  if (!argument.includes('/')) return undefined
  const [type = '', name = '', ...more] = argument.split('/')
  if (more.length > 0) {
    throw new Error('arguments in resource/name form may not have more than one slash')
  }
  if (type === '' || name === '' || splitResourceArgument(type).length !== 1) {
    throw new Error('arguments in resource/name form must have a single resource and name')
  }
  return { type, name }
}
