/** Bytes that are no message, in the words of Go's generated decoders. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

export function unexpectedEnd(): WireError {
  return new WireError('unexpected EOF')
}
