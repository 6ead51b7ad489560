import { BrokenPipeError, formatError, type IOStreams, type OutputStream } from '@k1s/cli-runtime'

/** What a server says while it runs. It goes on when nobody reads it any more. */
export class ServerLog {
  readonly #streams: IOStreams

  constructor(streams: IOStreams) {
    this.#streams = streams
  }

  /** To stdout. */
  print(text: string): void {
    writeIfRead(this.#streams.out, text)
  }

  /** A line to stderr. */
  report(line: string): void {
    writeIfRead(this.#streams.err, `${line}\n`)
  }

  /** An error of which a client has only seen the message: with the place where it happened. */
  reportError(error: unknown): void {
    const { message } = formatError(error)
    const stack = error instanceof Error ? error.stack?.replace(/^.*?\n(?= +at )/s, '\n') : undefined
    this.report(`${new Date().toISOString()} ${message}${stack ?? ''}`)
  }
}

function writeIfRead(stream: OutputStream, text: string): void {
  try {
    stream.write(text)
    stream.flush()
  } catch (error) {
    if (!(error instanceof BrokenPipeError)) throw error
  }
}
