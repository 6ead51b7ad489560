import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { HttpTransport } from '@k1s/core/http'
import { afterEach, expect, test } from 'vitest'
import { answerJson, configMap, getA, listAll, scriptedServer } from './scripted-server.ts'
import { added, from7, send, start, tell } from './scripted-watch.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A transport to a server that answers whatever it is asked with these bytes. */
async function answeredWith(answer: (socket: Socket) => void): Promise<HttpTransport> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => answer(socket))
    closing.push(() => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const transport = new HttpTransport(
    { server: `http://127.0.0.1:${port}` },
    { env: {}, pauses: { afterLoss: 1 } },
  )
  closing.push(
    () => transport.close(),
    () => server.close(),
  )
  return transport
}

test('a switch of protocols that nobody asked for is no answer', async () => {
  const transport = await answeredWith((socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  )
  await expect(transport.request(getA)).rejects.toThrow('the connection was closed without an answer')
})

test('an answer that comes before the request has been sent counts', async () => {
  const transport = await answeredWith((socket) =>
    socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
  )
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: 'x'.repeat(5e6) } }
  await expect(transport.request({ ...getA, verb: 'update', body })).rejects.toMatchObject({
    status: { code: 413 },
  })
})

test('the event of a watch is read to 16 MiB, as by client-go', async () => {
  const part = 'x'.repeat(1 << 20)
  const { seen, transport } = await scriptedServer((_, response) => {
    start(response).write('{"type":"ADDED","object":{"data":{"x":"')
    const write = () => {
      while (!response.destroyed) if (!response.write(part)) return
    }
    response.on('drain', write)
    write()
  })
  const events = []
  for await (const event of transport.watch(from7)) events.push(event)
  expect(events).toMatchObject([
    {
      type: 'ERROR',
      object: {
        code: 500,
        details: {
          causes: [
            {},
            {
              reason: 'ClientWatchDecoding',
              message:
                'unable to decode an event from the watch stream: object to decode was longer than maximum allowed size',
            },
          ],
        },
      },
    },
  ])
  expect(seen).toHaveLength(1)
})

test('the endless body of an answer that is not the last is not read', async () => {
  let times = 0
  const { server, transport } = await scriptedServer((_, response) => {
    if (times++ > 0) return answerJson(response, configMap('a', 1))
    response.writeHead(429, { 'retry-after': '0' })
    response.write('later')
  })
  expect((await transport.request(getA)).code).toBe(200)
  const connections = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(1)
})

test('a very long Retry-After, or a very long time that a request may take, is no short one', async () => {
  const warnings: string[] = []
  const onWarning = ({ name }: Error) => warnings.push(name)
  process.on('warning', onWarning)
  const { seen, transport } = await scriptedServer(
    (request, response) => {
      if (request.url?.includes('/a?')) response.writeHead(429, { 'retry-after': '99999999' }).end()
      else setTimeout(() => answerJson(response, { kind: 'ConfigMapList', apiVersion: 'v1', items: [] }), 30)
    },
    { requestTimeoutMs: 3_600_000_000 },
  )
  const abort = new AbortController()
  const retried = transport.request({ ...getA, signal: abort.signal })
  expect((await transport.request(listAll)).code).toBe(200)
  abort.abort(new Error('enough'))
  await expect(retried).rejects.toThrow('enough')
  process.off('warning', onWarning)
  expect(seen).toHaveLength(2)
  expect(warnings).toEqual([])
})

test('a watch whose listener throws ends its request', async () => {
  const { server, transport } = await scriptedServer((_, response) => send(response, added('a', 8)))
  const throwing = () => {
    throw new Error('not now')
  }
  await expect(tell(transport.watch(from7, undefined, throwing), 1)).rejects.toThrow('not now')
  const connections = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(0)
})

test('closing leaves no connection open, used or not', async () => {
  const { server, transport } = await scriptedServer((request, response) => {
    if (request.url?.includes('watch')) send(response, added('a', 8))
    else answerJson(response, configMap('a', 1))
  })
  await Promise.all([1, 2, 3].map(() => transport.request(getA)))
  await transport.watch(from7)[Symbol.asyncIterator]().next()
  transport.close()
  const connections = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  await expect.poll(connections).toBe(0)
})
