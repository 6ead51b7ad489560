import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Answer } from './answer.ts'

test('a body that is small on the way is read no further than it may be long', async () => {
  const body = gzipSync(Buffer.alloc(10_000_000, ' '))
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  for (const [maxBytes, length] of [
    [9_999_999, undefined],
    [10_000_000, 10_000_000],
  ] as const) {
    let released = 0
    const [message] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage]
    const answer = new Answer(message, new AbortController(), () => released++)
    const text = answer.text(maxBytes)
    if (length !== undefined) expect(await text).toHaveLength(length)
    else
      await expect(text).rejects.toThrow(
        "the server's answer is longer than 9999999 bytes: ask for less, with a limit",
      )
    expect(released).toBe(1)
    expect(message.destroyed).toBe(true)
  }
  server.close()
})
