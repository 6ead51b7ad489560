import { promisify } from 'node:util'
import type { Exchange } from '../exchange.ts'

/** Smaller answers are not worth compressing: `defaultGzipThresholdBytes` of `k8s.io/apiserver`. */
export const gzipThreshold = 128 * 1024

/** Writes an answer that is complete, compressed if that pays and the client can take it. */
export async function writeBytes(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  code: number,
  contentType: string,
  content: string | Uint8Array,
): Promise<void> {
  response.statusCode = code
  response.setHeader('Content-Type', contentType)
  let length = Buffer.byteLength(content)
  // A text goes out together with the headers, in one write.
  let answer = content
  if (length > gzipThreshold && acceptsGzip(request.headers['accept-encoding'])) {
    const { gzip } = await import('node:zlib')
    answer = await promisify(gzip)(content, { level: 1 })
    length = answer.length
    response.setHeader('Content-Encoding', 'gzip')
    response.appendHeader('Vary', 'Accept-Encoding')
  }
  response.setHeader('Content-Length', length)
  response.end(answer)
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  if (header === undefined) return false
  return String(header)
    .split(',')
    .some((clause) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(clause))
}
