/**
 * The streams of a command: `genericiooptions.IOStreams` of `k8s.io/cli-runtime`. Commands write to these and never
 * to `process.stdout` (loading it costs a process some milliseconds) or `console`, so that tests and embedding
 * programs can take the output.
 */

/** Where text goes. What printers write to. */
export interface TextWriter {
  /** Throws a BrokenPipeError once the reader is gone. */
  write(text: string): void
}

export interface OutputStream extends TextWriter {
  /** Writes what is buffered. Happens by itself at the next turn of the event loop. */
  flush(): void
  readonly isTTY: boolean
  /** Columns of the terminal; 80 when it is not one. */
  readonly width: number
  /** Whether escape sequences for colours are welcome: a terminal that is not dumb, without NO_COLOR. */
  readonly color: boolean
}

export interface InputStream {
  /** Everything up to the end, read as UTF-8. Blocks. */
  readAll(): string
  /** The next line without its end; empty at the end of the input. Blocks. */
  readLine(): string
  readonly isTTY: boolean
}

export interface IOStreams {
  readonly out: OutputStream
  readonly err: OutputStream
  readonly in: InputStream
}

/** The reader of a stream is gone (`k1s get … | head -1`). Ends a command quietly with the code of SIGPIPE, 141. */
export class BrokenPipeError extends Error {
  override readonly name = 'BrokenPipeError'
}
