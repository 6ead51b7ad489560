import fc from 'fast-check'
import { body } from './body.ts'
import { complete, framed, framing } from './framing.ts'
import { contentType, header } from './header.ts'
import { method, path, query, version } from './request-line.ts'

/** A request that may be no HTTP, or no request that anybody should send. */
export interface MalformedRequest {
  readonly bytes: Buffer
  readonly isHead: boolean
  /** Whether all has been said that the request announces: only then is there always an answer. */
  readonly isComplete: boolean
}

/** Requests of a client that knows the token, and of some that does not. */
export const malformedRequest: fc.Arbitrary<MalformedRequest> = fc
  .record({
    method,
    path,
    query,
    version,
    headers: fc.array(header, { maxLength: 4 }),
    authorized: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
    contentType,
    body,
    framing,
  })
  .map(({ method, path, query, version, headers, authorized, contentType, body: content, framing }) => {
    const { lines, body } = framed(framing, content)
    const head = [
      `${method} ${path}${query} ${version}`,
      'Host: k1s',
      ...(authorized ? ['Authorization: Bearer secret'] : []),
      `Content-Type: ${contentType}`,
      ...headers,
      ...lines,
    ]
    const isComplete = complete.has(framing)
    const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body])
    return {
      bytes,
      isHead: method === 'HEAD',
      isComplete,
      toString: () => JSON.stringify(bytes.toString('latin1').slice(0, 2000)),
    }
  })
