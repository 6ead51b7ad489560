import type { ServerResponse } from 'node:http'

const lineEnd = Buffer.from('\r\n')
const lastChunk = Buffer.from('0\r\n\r\n')

/** A chunk of the chunked transfer coding (RFC 9112, section 7.1), and the data in it. */
export interface Chunk {
  readonly framed: Uint8Array
  readonly data: Uint8Array
}

export function chunkOf(data: Uint8Array): Chunk {
  const size = Buffer.from(`${data.length.toString(16)}\r\n`, 'latin1')
  const framed = Buffer.concat([size, data, lineEnd])
  return { framed, data: framed.subarray(size.length, size.length + data.length) }
}

/**
 * The body of an answer, of chunks that are made once for all answers that they are part of. node:http would put together
 * size, data and line end of a chunk again for each of them, which costs more than anything else in a watch.
 */
export class ChunkedBody {
  readonly #response: ServerResponse
  /** A client of HTTP/1.0 gets the data alone. */
  #isChunked = false

  constructor(response: ServerResponse) {
    this.#response = response
  }

  /** Sends the headers. */
  open(): void {
    this.#response.flushHeaders()
    this.#isChunked = this.#response.chunkedEncoding
    this.#response.chunkedEncoding = false
  }

  /** False if the client is slower than what it is sent. */
  write({ framed, data }: Chunk): boolean {
    return this.#response.write(this.#isChunked ? framed : data)
  }

  end(): void {
    if (this.#isChunked) this.#response.end(lastChunk)
    else this.#response.end()
  }
}
