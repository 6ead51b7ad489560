import type { Unstructured } from '@k1s/apimachinery'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerJson, configMap, scriptedServer, watchAll } from './scripted-server.ts'
import { added, bookmark, failed, from7, listOf, queriesOf, send, start, tell } from './scripted-watch.ts'

describe('a watch goes on', () => {
  test('from the last event when the server ends it or the connection breaks', async () => {
    let part = 0
    const { seen, transport } = await scriptedServer((request, response) => {
      part++
      if (part === 1) send(response, added('a', 8)).end()
      else if (part === 2)
        send(response, added('b', 9)).write('{"type":"ADDED","object":{"metada', () =>
          request.socket.destroy(),
        )
      else if (part === 3) request.socket.destroy()
      else if (part === 4) response.writeHead(503).end()
      else send(response, added('c', 12))
    })
    expect(await tell(transport.watch(from7), 3)).toEqual(['ADDED a 8', 'ADDED b 9', 'ADDED c 12'])
    expect(queriesOf(seen)).toEqual([
      '?resourceVersion=7',
      '?resourceVersion=8',
      '?resourceVersion=9',
      '?resourceVersion=9',
      '?resourceVersion=9',
    ])
  })

  test('from the last bookmark, which is passed on only if it was asked for', async () => {
    for (const allowWatchBookmarks of [false, true]) {
      let part = 0
      const { seen, transport } = await scriptedServer((_, response) => {
        if (part++ === 0) send(response, added('a', 8), bookmark(20)).end()
        else send(response, added('b', 21))
      })
      const options = { resourceVersion: '7', ...(allowWatchBookmarks && { allowWatchBookmarks }) }
      const told = await tell(transport.watch({ ...watchAll, options }), allowWatchBookmarks ? 3 : 2)
      expect(told).toEqual([
        'ADDED a 8',
        ...(allowWatchBookmarks ? ['BOOKMARK undefined 20'] : []),
        'ADDED b 21',
      ])
      expect(queriesOf(seen)).toEqual(['?resourceVersion=7', '?resourceVersion=20'])
    }
  })

  test('with all that it selects by, and Tables have their columns once', async () => {
    const table = (resourceVersion: number) => ({
      type: 'ADDED',
      object: {
        kind: 'Table',
        apiVersion: 'meta.k8s.io/v1',
        metadata: { resourceVersion: String(resourceVersion) },
        columnDefinitions: [{ name: 'Name' }],
        rows: [{ cells: ['a'], object: null }],
      },
    })
    let version = 7
    const { seen, transport } = await scriptedServer((_, response) => send(response, table(++version)).end())
    const columns: number[] = []
    const options = {
      as: 'Table',
      resourceVersion: '7',
      labelSelector: 'a=b',
      fieldSelector: 'c=d',
      includeObject: 'None',
    } as const
    for await (const { object } of transport.watch({ ...watchAll, options })) {
      columns.push((object as Unstructured & { columnDefinitions: object[] }).columnDefinitions.length)
      if (columns.length === 3) break
    }
    expect(columns).toEqual([1, 0, 0])
    expect(queriesOf(seen)).toEqual(
      [7, 8, 9].map(
        (each) => `?resourceVersion=${each}&labelSelector=a%3Db&fieldSelector=c%3Dd&includeObject=None`,
      ),
    )
  })

  test('after ERROR events that will pass, when the server wants it', async () => {
    let part = 0
    const { seen, transport } = await scriptedServer((_, response) => {
      if (part++ === 0) send(response, added('a', 8), failed(500, { details: { retryAfterSeconds: 0 } }))
      else send(response, added('b', 9))
    })
    expect(await tell(transport.watch(from7), 2)).toEqual(['ADDED a 8', 'ADDED b 9'])
    expect(seen).toHaveLength(2)
  })

  test('while the server is away', async () => {
    const { server, url, transport } = await scriptedServer((_, response) =>
      send(response, added('a', 8)).end(),
    )
    const told: unknown[] = []
    for await (const { object } of transport.watch(from7)) {
      if (told.push(object.metadata) === 2) break
      server.closeAllConnections()
      server.close()
      setTimeout(() => server.listen(Number(new URL(url).port), '127.0.0.1'), 50)
    }
    expect(told).toHaveLength(2)
  })

  test('and ends with ERROR if its place is forgotten, told by an event or a code', async () => {
    for (const byEvent of [true, false]) {
      let part = 0
      const { seen, transport } = await scriptedServer((_, response) => {
        if (part++ === 0) send(response, added('a', 8)).end()
        else if (byEvent) send(response, failed(410, { reason: 'Expired' }))
        else answerJson(response, failed(410, { reason: 'Expired' }).object, 410)
      })
      expect(await tell(transport.watch(from7), 9)).toEqual(['ADDED a 8', 'ERROR 410'])
      expect(seen).toHaveLength(2)
    }
  })

  test('and ends with ERROR if it is refused by then', async () => {
    let part = 0
    const { transport } = await scriptedServer((_, response) => {
      if (part++ === 0) send(response, added('a', 8)).end()
      else answerJson(response, failed(403).object, 403)
    })
    expect(await tell(transport.watch(from7), 9)).toEqual(['ADDED a 8', 'ERROR 403'])
  })

  test.each([
    ['its transport', { resumeWatches: false }, from7],
    ['itself', {}, { ...from7, resumes: false }],
  ])(
    'not, if %s does not want it: it ends with the request, and fails with the connection',
    async (_, options, request) => {
      let part = 0
      const { transport } = await scriptedServer((message, response) => {
        send(response, added('a', 8))
        if (part++ === 0) response.end()
        else setTimeout(() => message.socket.destroy(), 10)
      }, options)
      expect(await tell(transport.watch(request), 9)).toEqual(['ADDED a 8'])
      await expect(tell(transport.watch(request), 9)).rejects.toThrow('the connection of a watch was lost')
    },
  )

  test('for as long as it was to take', async () => {
    const { seen, transport } = await scriptedServer((_, response) => send(response).end())
    const options = { resourceVersion: '7', timeoutSeconds: 1 }
    expect(await tell(transport.watch({ ...watchAll, options }), 1)).toEqual([])
    expect(queriesOf(seen).every((query) => query === '?resourceVersion=7&timeoutSeconds=1')).toBe(true)
  })
})

test('whatever the server and the connection do, each event comes once and in order', async () => {
  const endings = fc.constantFrom('end', 'destroy', 'cut', 'error', 'refuse')
  const parts = fc.array(
    fc.record({
      events: fc.integer({ min: 0, max: 4 }),
      bookmark: fc.boolean(),
      ending: endings,
      pieces: fc.integer({ min: 1, max: 50 }),
    }),
    { maxLength: 8 },
  )
  await fc.assert(
    fc.asyncProperty(parts, fc.boolean(), async (generated, fromNow) => {
      // What fails before the watch has been open is the caller's.
      const [first, ...later] = generated
      const script =
        first === undefined
          ? []
          : [{ ...first, ending: /error|refuse/.test(first.ending) ? 'end' : first.ending }, ...later]
      const last = 7 + script.reduce((sum, { events }) => sum + events, 0) + 1
      const remaining = [...script]
      const { transport } = await scriptedServer(async (request, response) => {
        const url = new URL(request.url!, 'http://x')
        if (!url.searchParams.has('watch'))
          return answerJson(response, { ...listOf(7), items: [configMap('first', 7)] })
        let version = Number(url.searchParams.get('resourceVersion'))
        const part = remaining.shift() ?? {
          events: last - version,
          bookmark: false,
          ending: 'open',
          pieces: 1,
        }
        if (part.ending === 'refuse') return response.writeHead(500).end()
        const events = Array.from({ length: part.events }, () => added('x', ++version))
        const text = [...events, ...(part.bookmark ? [bookmark(version)] : [])]
          .map((event) => `${JSON.stringify(event)}\n`)
          .join('')
        start(response)
        for (let at = 0; at < text.length; at += Math.ceil(text.length / part.pieces)) {
          response.write(text.slice(at, at + Math.ceil(text.length / part.pieces)))
        }
        if (part.ending === 'end') response.end()
        if (part.ending === 'error') response.end(JSON.stringify(failed(504)))
        if (part.ending === 'destroy')
          response.write('\n', () => setImmediate(() => request.socket.destroy()))
        if (part.ending === 'cut')
          response.write(JSON.stringify(added('x', version + 1)).slice(0, -5), () =>
            setImmediate(() => request.socket.destroy()),
          )
      })
      const seen: number[] = []
      for await (const { type, object } of transport.watch(fromNow ? watchAll : from7)) {
        expect(type).toBe('ADDED')
        seen.push(Number(object.metadata.resourceVersion))
        if (seen.at(-1) === last) break
      }
      transport.close()
      const from = fromNow ? 7 : 8
      expect(seen).toEqual(Array.from({ length: last - from + 1 }, (_, index) => from + index))
    }),
    { numRuns: 60 },
  )
})
