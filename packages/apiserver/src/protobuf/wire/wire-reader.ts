import { unexpectedEnd, WireError } from './wire-error.ts'
import { WireType } from './wire-type.ts'

/** A varint has at most ten bytes: seven bits each, 64 in all. */
const maxVarintBytes = 10

/** Reads the values of one message, of bytes that it shares with the readers of the messages within. */
export class WireReader {
  readonly #bytes: Buffer
  readonly #end: number
  #position: number
  #wireType = 0
  /** The varint that was read last, as two unsigned halves. */
  #low = 0
  #high = 0

  constructor(bytes: Buffer, start = 0, end: number = bytes.length) {
    this.#bytes = bytes
    this.#position = start
    this.#end = end
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#end
  }

  /** The wire type of the field whose tag was read last. */
  get wireType(): number {
    return this.#wireType
  }

  /** The number of the next field. `messageName` is for errors. */
  readTag(messageName: string): number {
    this.#readVarint()
    const number = (this.#high << 29) | (this.#low >>> 3)
    const wireType = this.#low & 7
    if (wireType === WireType.groupEnd) {
      throw new WireError(`proto: ${messageName}: wiretype end group for non-group`)
    }
    if (number <= 0) {
      const tag = (BigInt(this.#high) << 32n) | BigInt(this.#low)
      throw new WireError(`proto: ${messageName}: illegal tag ${number} (wire type ${tag})`)
    }
    this.#wireType = wireType
    return number
  }

  readBool(): boolean {
    this.#readVarint()
    return this.#low !== 0 || this.#high !== 0
  }

  readInt32(): number {
    this.#readVarint()
    return this.#low | 0
  }

  /** Refuses what a number does not hold exactly. */
  readInt64(): number {
    this.#readVarint()
    const value = (this.#high | 0) * 2 ** 32 + this.#low
    if (Number.isSafeInteger(value)) return value
    const exact = (BigInt(this.#high | 0) << 32n) | BigInt(this.#low)
    throw new WireError(
      `the integer ${exact} cannot be kept exactly: integers are exact up to ${Number.MAX_SAFE_INTEGER}`,
    )
  }

  readDouble(): number {
    const start = this.#advance(8)
    return this.#bytes.readDoubleLE(start)
  }

  readString(): string {
    const length = this.#readLength()
    const start = this.#advance(length)
    return this.#bytes.toString('utf8', start, start + length)
  }

  readBytes(): Buffer {
    const length = this.#readLength()
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  readMessage(): WireReader {
    const length = this.#readLength()
    const start = this.#advance(length)
    return new WireReader(this.#bytes, start, start + length)
  }

  /** Passes over the value of a field that is not known, which may be a group of fields. */
  skip(wireType: number): void {
    let depth = 0
    for (let type = wireType; ; type = this.#readWireType()) {
      if (type === WireType.groupStart) depth++
      else if (type === WireType.groupEnd) depth--
      else this.#skipValue(type)
      if (depth === 0) return
    }
  }

  #readWireType(): number {
    this.#readVarint()
    return this.#low & 7
  }

  #skipValue(wireType: number): void {
    if (wireType === WireType.varint) this.#readVarint()
    else if (wireType === WireType.fixed64) this.#advance(8)
    else if (wireType === WireType.lengthDelimited) this.#advance(this.#readLength())
    else if (wireType === WireType.fixed32) this.#advance(4)
    else throw new WireError(`proto: illegal wireType ${wireType}`)
  }

  #readLength(): number {
    this.#readVarint()
    if (this.#high >= 2 ** 31) throw new WireError('proto: negative length found during unmarshaling')
    return this.#high * 2 ** 32 + this.#low
  }

  /** Moves on and returns where that many bytes start. */
  #advance(length: number): number {
    const start = this.#position
    if (length > this.#end - start) throw unexpectedEnd()
    this.#position = start + length
    return start
  }

  #readVarint(): void {
    // Most have one byte.
    const first = this.#position < this.#end ? this.#bytes[this.#position]! : 0x80
    if (first < 0x80) {
      this.#position++
      this.#low = first
      this.#high = 0
      return
    }
    let low = 0
    let high = 0
    for (let index = 0; index < maxVarintBytes; index++) {
      if (this.#position >= this.#end) throw unexpectedEnd()
      const byte = this.#bytes[this.#position++]!
      const bits = byte & 0x7f
      const shift = 7 * index
      if (shift < 32) low |= bits << shift
      // The fifth byte has bits in both halves.
      if (shift === 28) high |= bits >>> 4
      else if (shift > 28) high |= bits << (shift - 32)
      if (byte < 0x80) {
        this.#low = low >>> 0
        this.#high = high >>> 0
        return
      }
    }
    throw new WireError('proto: integer overflow')
  }
}
