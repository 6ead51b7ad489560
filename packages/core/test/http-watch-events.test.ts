import { gzipSync } from 'node:zlib'
import type { Status, Unstructured } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { scriptedServer } from './scripted-server.ts'
import { added, type Event, from7, send, start, tell } from './scripted-watch.ts'

describe('events', () => {
  test('come from a stream that is cut anywhere, also within characters', async () => {
    const whole = Buffer.from(`${JSON.stringify(added('a', 8, { data: { x: 'ü 名前 💥 "{[\\' } }))}\n`)
    for (const size of [1, 2, 3, 7]) {
      const { transport } = await scriptedServer(async (_, response) => {
        start(response)
        for (let at = 0; at < whole.length; at += size) {
          response.write(whole.subarray(at, at + size))
          if (at % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
      })
      for await (const event of transport.watch(from7)) {
        expect(event).toEqual(JSON.parse(whole.toString()))
        break
      }
    }
  })

  test('come as soon as they are complete, with or without lines between them', async () => {
    const { transport } = await scriptedServer((_, response) => {
      start(response).write(
        `${JSON.stringify(added('a', 8))}${JSON.stringify(added('b', 9), null, 2)}\r\n\n ${JSON.stringify(added('c', 10))}`,
      )
    })
    expect(await tell(transport.watch(from7), 3)).toEqual(['ADDED a 8', 'ADDED b 9', 'ADDED c 10'])
  })

  test('may be very large', async () => {
    const x = 'ü'.repeat(5_000_000)
    const { transport } = await scriptedServer((_, response) =>
      send(response, added('a', 8, { data: { x } })),
    )
    for await (const event of transport.watch(from7)) {
      expect((event.object as Unstructured).data).toEqual({ x })
      break
    }
  })

  test('may be compressed', async () => {
    const { transport } = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.write(gzipSync(JSON.stringify(added('a', 8)), { finishFlush: 2 }))
    })
    expect(await tell(transport.watch(from7), 1)).toEqual(['ADDED a 8'])
  })

  test('are read no faster than they are asked for', async () => {
    let sent = 0
    const data = { x: 'x'.repeat(100_000) }
    const { transport } = await scriptedServer((_, response) => {
      const write = () => {
        while (sent < 1000) {
          sent++
          if (!response.write(JSON.stringify(added('a', sent + 7, { data })))) break
        }
      }
      start(response).on('drain', write)
      write()
    })
    const events = transport.watch(from7)[Symbol.asyncIterator]()
    await events.next()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sent).toBeLessThan(200)
    await events.return?.()
  })

  test.each([
    ['no JSON', '{"type":"ADDED","object":{]}\n', /invalid|unexpected|Expected/i],
    ['no object', 'nonsense\n', /invalid character 'n' looking for beginning of value/],
    ['an unknown type', '{"type":"CHANGED","object":{}}\n', /got invalid watch event type: CHANGED/],
    ['a missing object', '{"type":"ADDED"}\n', /unable to decode watch event/],
  ])('that are %s end the watch with an ERROR', async (_, text, problem) => {
    const { seen, transport } = await scriptedServer((__, response) => start(response).write(text))
    const events: Event[] = []
    for await (const event of transport.watch(from7)) events.push(event)
    expect(events).toMatchObject([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 500,
          reason: 'InternalError',
          details: { causes: [{}, { reason: 'ClientWatchDecoding' }] },
        },
      },
    ])
    expect((events[0]!.object as Status).message).toContain(
      'unable to decode an event from the watch stream: ',
    )
    expect((events[0]!.object as Status).message).toMatch(problem)
    expect(seen).toHaveLength(1)
  })

  test('warnings come before the first of them, once, and that the watch is open', async () => {
    const { transport } = await scriptedServer((_, response) => {
      response.setHeader('warning', '299 - "old"')
      send(response, added('a', 8)).end()
    })
    const told: string[] = []
    const onOpen = () => told.push('open')
    for await (const { type } of transport.watch(from7, (text) => told.push(text), onOpen)) {
      if (told.push(type) === 4) break
    }
    expect(told).toEqual(['old', 'open', 'ADDED', 'ADDED'])
  })
})
