import { StatusError } from '@k1s/apimachinery'
import type { Exchange } from '../exchange.ts'

/** MethodNotAllowed for what is neither GET nor HEAD: for endpoints that only tell something. */
export function requireReading({ method, response }: Exchange): void {
  if (method === 'GET' || method === 'HEAD') return
  response.setHeader('Allow', 'GET, HEAD')
  throw methodNotAllowed()
}

/** What an API server says of a path that has no route for the method. */
export function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    details: {},
    message: 'the server does not allow this method on the requested resource',
  })
}
