import type { Exchange } from '../exchange.ts'
import { acceptsGzip, gzipThreshold } from '../responses/write-bytes.ts'
import type { Document } from './document.ts'

/**
 * Answers with a document, or with 304 if the client has it: `http.ServeContent` of Go for tags of entities. Other
 * headers are those that the response has already.
 */
export async function writeDocument(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  contentType: string,
  document: Document,
): Promise<void> {
  response.setHeader('ETag', document.etag)
  if (isKnown(request.headers['if-none-match'], document.etag)) {
    response.statusCode = 304
    response.end()
    return
  }
  response.statusCode = 200
  response.setHeader('Content-Type', contentType)
  let { bytes } = document
  if (bytes.length > gzipThreshold) {
    response.appendHeader('Vary', 'Accept-Encoding')
    if (acceptsGzip(request.headers['accept-encoding'])) {
      bytes = await document.compressed()
      response.setHeader('Content-Encoding', 'gzip')
    }
  }
  response.setHeader('Content-Length', bytes.length)
  response.end(bytes)
}

/** RFC 9110 13.1.2, by the weak comparison. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((tag) => {
    const known = tag.trim()
    return known === '*' || known === etag || known === `W/${etag}`
  })
}
