import { connect } from 'node:net'
import type { KubernetesList } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import { testServer } from './http-server.ts'
import { RawConnection } from './raw-connection.ts'

const server = testServer({ limits: { watchStallMs: 300 } })
const { send } = server
const configMaps = '/api/v1/namespaces/default/configmaps'

interface Event {
  type: string
  object: {
    kind: string
    code?: number
    metadata: { name: string; annotations?: object; resourceVersion: string }
  }
}

/** The events of a stream, as they come. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(
    new TextDecoderStream() as never,
  ) as never as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield JSON.parse(line) as Event
  }
  expect(rest).toBe('')
}

async function take(count: number, events: AsyncGenerator<Event>): Promise<Event[]> {
  const taken: Event[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) break
  }
  return taken
}

const briefly = ({ type, object }: Event) => `${type} ${object.metadata.name}`

describe('a watch', () => {
  test('answers at once, and tells every change as a line', async () => {
    const response = await send('GET', `${configMaps}?watch=true&resourceVersion=1`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
    const seen = take(3, eventsOf(response))
    await send('POST', configMaps, { metadata: { name: 'a' }, data: { text: 'é\n' } })
    await send(
      'PATCH',
      `${configMaps}/a`,
      { data: { b: '2' } },
      { 'content-type': 'application/merge-patch+json' },
    )
    await send('DELETE', `${configMaps}/a`)
    expect((await seen).map(briefly)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
  })

  test('begins with what there is and a bookmark when asked to', async () => {
    await send('POST', configMaps, { metadata: { name: 'b' } })
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const [first, bookmark] = await take(2, eventsOf(await send('GET', `${configMaps}?${query}`)))
    expect(briefly(first!)).toBe('ADDED b')
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
  })

  test('ends by itself after timeoutSeconds, however they are', async () => {
    for (const seconds of ['1', '-1']) {
      const response = await send(
        'GET',
        `${configMaps}?watch=1&resourceVersion=1&timeoutSeconds=${seconds}&labelSelector=none`,
      )
      expect(await response.text()).toBe('')
    }
    const endless = await send('GET', `${configMaps}?watch=1&timeoutSeconds=99999999999&resourceVersion=1`)
    expect(endless.status).toBe(200)
    await endless.body!.cancel()
  })

  test('of a table has columns in its first event only', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const response = await send('GET', `${configMaps}?watch=1&resourceVersion=1`, undefined, { accept })
    const [first, second] = await take(2, eventsOf(response))
    expect(first!.object).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, {}, {}] })
    expect(second!.object).toMatchObject({ kind: 'Table', columnDefinitions: [] })
  })

  test('from a revision that is not there yet waits for it', async () => {
    const { metadata } = (await (await send('GET', configMaps)).json()) as KubernetesList
    const resourceVersion = Number(metadata.resourceVersion) + 1
    const response = await send('GET', `${configMaps}?watch=1&resourceVersion=${resourceVersion}`)
    expect(response.status).toBe(200)
    for (const name of ['early', 'late']) await send('POST', configMaps, { metadata: { name } })
    expect((await take(1, eventsOf(response))).map(briefly)).toEqual(['ADDED late'])
  })

  test('with initial events must say how old they may be', async () => {
    const response = await send('GET', `${configMaps}?watch=1&sendInitialEvents=true`)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      reason: 'Invalid',
      message:
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    })
  })

  test('of what there is not, or that nobody can send, is refused with a Status', async () => {
    const unknown = await send('GET', '/api/v1/pods?watch=1')
    expect([unknown.status, ((await unknown.json()) as { kind: string }).kind]).toEqual([404, 'Status'])
    const yaml = await send('GET', `${configMaps}?watch=1`, undefined, { accept: 'application/yaml' })
    expect(yaml.status).toBe(406)
    expect(await yaml.json()).toMatchObject({
      message: expect.stringMatching(
        /^only the following media types are accepted: application\/json;stream=watch/,
      ),
    })
  })
})

test('a client of HTTP/1.0, which knows no chunks, gets the lines alone', async () => {
  const connection = await RawConnection.open(server.url)
  const query = 'watch=1&resourceVersion=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dold'
  connection.write(`GET ${configMaps}?${query} HTTP/1.0\r\nAuthorization: Bearer secret\r\n\r\n`)
  await connection.until(() => connection.received.includes('\r\n\r\n'), 'the head')
  await send('POST', configMaps, { metadata: { name: 'old' } })
  await send('DELETE', `${configMaps}/old`)
  await connection.closed()
  const [head, body] = connection.received.split('\r\n\r\n')
  expect(head).not.toMatch(/transfer-encoding/i)
  const events = body!.trimEnd().split('\n')
  expect(events.map((line) => briefly(JSON.parse(line)))).toEqual(['ADDED old', 'DELETED old'])
})

test('a client that does not read is told 410 and gets no more', async () => {
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`GET ${configMaps}?watch=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\r\n\r\n`)
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  const data = { text: 'x'.repeat(500_000) }
  for (let index = 0; index < 40; index++) {
    await send('POST', `${configMaps}?fieldManager=t`, { metadata: { name: `big-${index}` }, data })
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  let text = ''
  let bytes = 0
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      bytes += chunk.length
      text = (text + chunk).slice(-2000)
      if (text.endsWith('\r\n0\r\n\r\n')) resolve()
    })
    socket.on('close', () => resolve())
    socket.resume()
  })
  socket.destroy()
  expect(bytes).toBeLessThan(40 * 500_000)
  expect(text).toMatch(/"type":"ERROR".*did not read.*"reason":"Expired"/s)
})

test('watches end when the server closes, and it says that nothing was cut off', async () => {
  const other = await import('@k1s/apiserver')
  const closing = await other.createAPIServer({
    transport: server.runtime.transport,
    port: 0,
    insecureHttp: true,
    authenticate: () => ({ name: 'a' }),
  })
  const watch = await fetch(`${closing.url}${configMaps}?watch=1&resourceVersion=1&labelSelector=none`)
  const ended = watch.text()
  expect(await closing.close()).toBe(0)
  expect(await ended).toBe('')
  await expect(fetch(closing.url)).rejects.toThrow()
})

test('none of this was an error of the server', () => {
  expect(server.errors).toEqual([])
})
