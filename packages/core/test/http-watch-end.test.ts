import type { Server, ServerResponse } from 'node:http'
import type { HttpTransport } from '@k1s/core/http'
import { describe, expect, test } from 'vitest'
import { answerJson, listAll, scriptedServer } from './scripted-server.ts'
import { added, type Event, from7, listOf, send, start, tell } from './scripted-watch.ts'

describe('a watch ends without an error', () => {
  const ends: [
    string,
    (transport: HttpTransport, abort: AbortController, events: AsyncIterator<Event>) => unknown,
  ][] = [
    ['it is aborted', (_, abort) => abort.abort()],
    ['it is left', (_, __, events) => events.return?.()],
    ['the transport is closed', (transport) => transport.close()],
  ]

  test.each(ends)('when %s, while it waits for an event, for an answer, or to go on', async (_, end) => {
    const scripts = [
      (response: ServerResponse) => send(response, added('a', 8)),
      (response: ServerResponse) => (parts++ === 0 ? send(response, added('a', 8)).end() : undefined),
      (response: ServerResponse) =>
        parts++ === 0 ? send(response, added('a', 8)).end() : response.writeHead(503).end(),
    ]
    let parts = 0
    for (const script of scripts) {
      parts = 0
      const { server, transport } = await scriptedServer((_, response) => script(response), {
        pauses: { afterLoss: script === scripts[2] ? 60_000 : 0 },
      })
      const abort = new AbortController()
      const events = transport.watch({ ...from7, signal: abort.signal })[Symbol.asyncIterator]()
      await events.next()
      const waiting = events.next()
      setTimeout(() => end(transport, abort, events), 30)
      expect(await waiting).toEqual({ done: true, value: undefined })
      expect(await events.next()).toEqual({ done: true, value: undefined })
      if (script === scripts[0]) await expect.poll(() => connectionsOf(server)).toBe(0)
    }
  })

  test('when it has been aborted before', async () => {
    const { seen, transport } = await scriptedServer(() => {})
    const request = { ...from7, signal: AbortSignal.abort() }
    expect(await tell(transport.watch(request), 1)).toEqual([])
    expect(seen).toEqual([])
  })
})

test('a list beside watches is not held up by them', async () => {
  const { transport } = await scriptedServer((request, response) => {
    if (request.url?.includes('watch')) start(response)
    else answerJson(response, { ...listOf(1), items: [] })
  })
  const watches = Array.from({ length: 100 }, () => transport.watch(from7)[Symbol.asyncIterator]())
  const waiting = watches.map((watch) => watch.next())
  expect((await transport.request(listAll)).code).toBe(200)
  transport.close()
  expect((await Promise.all(waiting)).every(({ done }) => done === true)).toBe(true)
})

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
}
