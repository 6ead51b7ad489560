/** The same bytes as a Buffer. Engines may hand out any Uint8Array; Buffer's methods are the faster ones. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
