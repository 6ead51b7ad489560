/** A command line that cannot be understood: `cmdutil.UsageErrorf`. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** `commandPath` is the command as typed, `k1s get`; with it the message ends with where to find help. */
  constructor(message: string, commandPath?: string) {
    super(commandPath === undefined ? message : `${message}\nSee '${commandPath} -h' for help and examples`)
  }
}

/** Ends the command with code 1 and prints nothing more: `cmdutil.ErrExit`. */
export class ExitError extends Error {
  override readonly name = 'ExitError'
  readonly exitCode: number

  constructor(exitCode = 1) {
    super('exit')
    this.exitCode = exitCode
  }
}
