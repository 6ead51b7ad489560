import { constants } from 'node:buffer'

const chunkSize = 1 << 16
/** Bytes that are a text at most (V8). Reading ends there, since a device such as /dev/zero never does by itself. */
export const maxTextSize = constants.MAX_STRING_LENGTH

/**
 * All bytes that there are.
 *
 * @param read puts bytes into the chunk and returns how many; 0 at the end, -1 if there is nothing yet.
 * @throws Error that names the file, for more than 512 MiB.
 */
export function readToEnd(file: string, read: (chunk: Buffer) => number): Buffer {
  const chunks: Buffer[] = []
  for (let size = 0; size <= maxTextSize; ) {
    const chunk = Buffer.allocUnsafe(chunkSize)
    const length = read(chunk)
    if (length === 0) return Buffer.concat(chunks, size)
    if (length < 0) continue
    chunks.push(chunk.subarray(0, length))
    size += length
  }
  throw new Error(`${file} has more than 512 MiB, which is too much for one file: split it into several`)
}
