/**
 * Writes messages from their end to their start, so that the length of a message is known when it is to be written:
 * the last field comes first, its value before its tag.
 */
export class WireWriter {
  #buffer: Buffer
  #start: number

  constructor(initialBytes = 1024) {
    this.#buffer = Buffer.allocUnsafe(initialBytes)
    this.#start = initialBytes
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#buffer.length - this.#start
  }

  /** All that is written. Later writes go to other memory or before it. */
  finish(): Uint8Array {
    return this.#buffer.subarray(this.#start)
  }

  writeTag(number: number, wireType: number): void {
    this.writeVarint(number * 8 + wireType)
  }

  /** Any integer; a negative one takes ten bytes, as two's complement of 64 bits. */
  writeVarint(value: number): void {
    let low = value >>> 0
    let high = Math.floor(value / 2 ** 32) >>> 0
    const length = varintLength(low, high)
    let position = this.#reserve(length)
    for (let left = length; left > 1; left--) {
      this.#buffer[position++] = (low & 0x7f) | 0x80
      low = ((low >>> 7) | (high << 25)) >>> 0
      high >>>= 7
    }
    this.#buffer[position] = low
  }

  writeDouble(value: number): void {
    const position = this.#reserve(8)
    this.#buffer.writeDoubleLE(value, position)
  }

  /** A text without its length. */
  writeString(text: string): void {
    const position = this.#reserve(Buffer.byteLength(text))
    this.#buffer.write(text, position)
  }

  /** Bytes without their length. */
  writeBytes(bytes: Uint8Array): void {
    const position = this.#reserve(bytes.length)
    this.#buffer.set(bytes, position)
  }

  /** Makes room and returns where it starts. */
  #reserve(length: number): number {
    if (length > this.#start) this.#grow(length)
    this.#start -= length
    return this.#start
  }

  #grow(length: number): void {
    const written = this.length
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, written + length))
    const start = grown.length - written
    this.#buffer.copy(grown, start, this.#start)
    this.#buffer = grown
    this.#start = start
  }
}

function varintLength(low: number, high: number): number {
  if (high === 0) return Math.max(1, Math.ceil((32 - Math.clz32(low)) / 7))
  return Math.ceil((64 - Math.clz32(high)) / 7)
}
