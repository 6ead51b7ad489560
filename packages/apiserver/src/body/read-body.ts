import { newBadRequest, newRequestEntityTooLarge } from '@k1s/apimachinery'
import type { Exchange } from '../exchange.ts'

const empty = Buffer.alloc(0)

/**
 * All bytes of a request's body. RequestEntityTooLarge as soon as there are more than `limit`, of which no more are
 * kept; BadRequest if the client ends before its body does.
 */
export function readBody(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  limit: number,
): Promise<Buffer> {
  const length = Number(request.headers['content-length'])
  if (length > limit) return Promise.reject(tooLarge(limit))
  if (length === 0) return Promise.resolve(empty)
  if (request.headers.expect !== undefined) response.writeContinue()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const settle = (finish: () => void) => {
      request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
      finish()
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limit) settle(() => reject(tooLarge(limit)))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)))
    const onCut = () => settle(() => reject(newBadRequest('the body of the request was cut off')))
    request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
  })
}

function tooLarge(limit: number) {
  return newRequestEntityTooLarge(`limit is ${limit}`)
}
