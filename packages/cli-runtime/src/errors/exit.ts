import type { OutputStream } from '../streams/io-streams.ts'

/** What a failed command says and with which code it ends. Signature of {@link formatError}. */
export interface ErrorReport {
  /** Empty if nothing is to be printed. Ends without a newline. */
  readonly message: string
  readonly exitCode: number
}

/** Prints an error as `cmdutil.CheckErr` does, in red on a terminal, and returns the exit code. */
export type CheckErr = (error: unknown, err: OutputStream) => number
