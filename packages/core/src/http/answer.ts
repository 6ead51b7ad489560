import { constants as bufferLimits } from 'node:buffer'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { parseWarnings } from './warning-header.ts'

/** The answer to an HTTP request. Its body has to be read, or discarded. */
export class Answer {
  readonly #message: IncomingMessage
  readonly #controller: AbortController
  readonly #release: () => void

  constructor(message: IncomingMessage, controller: AbortController, release: () => void) {
    this.#message = message
    this.#controller = controller
    this.#release = release
    // Not by an error: the connection may have gone to another request already.
    controller.signal.addEventListener('abort', () => message.destroy(), { once: true })
    if (controller.signal.aborted) message.destroy()
  }

  get code(): number {
    return this.#message.statusCode!
  }

  get headers(): IncomingHttpHeaders {
    return this.#message.headers
  }

  get warnings(): readonly string[] {
    const headers = this.#message.headersDistinct.warning
    return headers === undefined ? none : parseWarnings(headers)
  }

  /** `undefined` unless it is a number of seconds. */
  get retryAfterSeconds(): number | undefined {
    const seconds = this.headers['retry-after']
    return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) : undefined
  }

  /** An Error if it is longer than a string can be: a small answer may be compressed from a very large one. */
  async text(maxBytes: number = bufferLimits.MAX_STRING_LENGTH): Promise<string> {
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of this.chunks()) {
        size += chunk.length
        if (size > maxBytes) throw new TooLong(maxBytes)
        chunks.push(chunk)
      }
    } catch (error) {
      if (error instanceof TooLong || this.#controller.signal.aborted) throw error
      const problem = isLoss(error) ? 'unexpected EOF' : (error as Error).message
      throw new Error(
        `unexpected error when reading response body. Please retry. Original error: ${problem}`,
        { cause: error },
      )
    }
    return (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()
  }

  /** Ends the request without the body. */
  discard(): void {
    this.#release()
    this.#message.destroy()
  }

  /** The body as it comes, and no faster than it is asked for. Ends the request when it is left early. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    let complete = false
    try {
      if (this.headers['content-encoding'] === 'gzip') yield* await this.#unzipped()
      else yield* this.#message
      complete = true
    } catch (error) {
      throw this.#controller.signal.aborted ? this.#controller.signal.reason : error
    } finally {
      this.#release()
      if (!complete) this.#message.destroy()
    }
  }

  async #unzipped(): Promise<AsyncIterable<Buffer>> {
    const [{ createGunzip, constants }, { pipeline }] = await Promise.all([
      import('node:zlib'),
      import('node:stream'),
    ])
    // What is there of a stream is to be had before the next chunk of it.
    const unzip = createGunzip({ flush: constants.Z_SYNC_FLUSH })
    return pipeline(this.#message, unzip, () => {})
  }
}

class TooLong extends Error {
  constructor(maxBytes: number) {
    super(`the server's answer is longer than ${maxBytes} bytes: ask for less, with a limit`)
  }
}

const none: readonly string[] = []

function isLoss(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'Z_BUF_ERROR'
}
