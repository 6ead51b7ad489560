import { createHash, type Hash } from 'node:crypto'
import { promisify } from 'node:util'

/** A text that many clients get as it is, with what is needed to send it. */
export class Document {
  readonly bytes: Buffer
  /** In quotes, as in the header. */
  readonly etag: string
  #compressed: Promise<Buffer> | undefined

  /** The tag is that of `bytes` unless the document is another form of what has a tag already. */
  constructor(content: string | Uint8Array, etag?: string) {
    this.bytes =
      typeof content === 'string'
        ? Buffer.from(content)
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    this.etag = etag ?? etagOf(createHash('sha512').update(this.bytes))
  }

  compressed(): Promise<Buffer> {
    this.#compressed ??= gzip(this.bytes)
    return this.#compressed
  }
}

/** `computeETag` of `k8s.io/kube-openapi/pkg/handler`, of bytes that a hash has taken in. */
export function etagOf(hash: Hash): string {
  return `"${hash.digest('hex').toUpperCase()}"`
}

async function gzip(bytes: Buffer): Promise<Buffer> {
  const zlib = await import('node:zlib')
  return promisify(zlib.gzip)(bytes)
}
