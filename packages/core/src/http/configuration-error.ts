const brand = Symbol.for('k1s.dev/ConfigurationError')

/** No server can be reached with what the kubeconfig and the options say. */
export class ConfigurationError extends Error {
  /** What is wrong, each in the words of clientcmd and without the files. */
  readonly problems: readonly string[]
  /** True for what clientcmd calls an invalid configuration. */
  readonly invalid: boolean
  /** The kubeconfig files that were read. */
  readonly files: readonly string[]
  readonly [brand] = true

  constructor(
    problems: readonly string[],
    files: readonly string[],
    { invalid = false, ...options }: ErrorOptions & { invalid?: boolean } = {},
  ) {
    const list = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`
    const where =
      files.length === 0 || files.some((file) => list.includes(file)) ? '' : ` (${files.join(', ')})`
    super(`${invalid ? 'invalid configuration: ' : ''}${list}${where}`, options)
    this.name = 'ConfigurationError'
    this.problems = problems
    this.invalid = invalid
    this.files = files
  }
}

/** True for a ConfigurationError of this copy of the package or of another one in the same process. */
export function isConfigurationError(error: unknown): error is ConfigurationError {
  return typeof error === 'object' && error !== null && brand in error
}
