/** `NewDecoder` of `k8s.io/apimachinery/pkg/runtime/serializer/streaming`. */
const maxFrameBytes = 16 * 1024 * 1024

/**
 * The JSON objects of a stream of bytes, each as soon as its last byte is there, whatever is between them and however
 * the stream cuts them: `json.Framer` of `k8s.io/apimachinery`. Works on bytes, so that a character may be cut too.
 * Throws a SyntaxError where the stream is not a sequence of objects, or one is larger than client-go reads, 16 MiB.
 */
export class JsonFrames {
  #pending: Buffer[] = []
  #pendingBytes = 0
  #depth = 0
  #inText = false
  #escaped = false;

  /** The objects that end in this chunk, unparsed. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0
    let at = 0
    while (at < chunk.length) {
      const byte = chunk[at]!
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false
        else if (byte === backslash) this.#escaped = true
        else if (byte === quotationMark) this.#inText = false
      } else if (byte === quotationMark && this.#depth > 0) {
        this.#inText = true
      } else if (byte === openBrace || (byte === openBracket && this.#depth > 0)) {
        if (this.#depth === 0) start = at
        this.#depth++
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--
        if (this.#depth < 0) throw unexpected(byte)
        if (this.#depth === 0) {
          yield this.#take(chunk.subarray(start, at + 1))
          start = at + 1
        }
      } else if (this.#depth === 0 && byte > space) {
        throw unexpected(byte)
      }
      at++
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(start))
  }

  /** The stream has ended within an object. */
  get incomplete(): boolean {
    return this.#depth > 0
  }

  #keep(part: Buffer): void {
    this.#pendingBytes += part.length
    if (this.#pendingBytes > maxFrameBytes) throw tooLarge()
    this.#pending.push(part)
  }

  #take(last: Buffer): string {
    this.#keep(last)
    const [only, ...more] = this.#pending
    const frame = more.length === 0 ? only! : Buffer.concat(this.#pending, this.#pendingBytes)
    this.#pending = []
    this.#pendingBytes = 0
    return frame.toString()
  }
}

const quotationMark = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const space = 0x20

/** Go's `json.SyntaxError`. */
function unexpected(byte: number): SyntaxError {
  return new SyntaxError(`invalid character '${String.fromCharCode(byte)}' looking for beginning of value`)
}

/** `ErrObjectTooLarge` of `streaming`. */
function tooLarge(): SyntaxError {
  return new SyntaxError('object to decode was longer than maximum allowed size')
}
