import { issueTransientCertificate } from '@k1s/apiserver'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from './http-server.ts'
import { malformedRequest } from './malformed-requests/malformed-request.ts'
import { type RawAnswer, RawConnection } from './raw-connection.ts'

/** K1S_FUZZ_RUNS for a long run. */
const runs = Number(process.env.K1S_FUZZ_RUNS ?? 200)
const collection = '/api/v1/namespaces/default/configmaps'
const inFlight = 20
const megabyte = 1024 * 1024
const certificate = await issueTransientCertificate(['127.0.0.1'])

const unhandled: unknown[] = []
const onUnhandled = (error: unknown) => unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', onUnhandled).on('uncaughtException', onUnhandled))
afterAll(() => void process.off('unhandledRejection', onUnhandled).off('uncaughtException', onUnhandled))

/** What holds of every answer: it is a success, or a Status that says the same as the code; and never a failure of the server. */
function check({ code, headers, body, isWhole }: RawAnswer, isHead = false, isOpenAPI = false): void {
  expect(code).not.toBe(500)
  if (code < 400 || isHead) return
  // kube-openapi's own handlers tell nothing but a code.
  if (isOpenAPI && body === '' && (code === 404 || code === 406)) return
  expect(isWhole).toBe(true)
  expect(headers.get('content-type')).toBe('application/json')
  expect(JSON.parse(body)).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code })
}

describe.each([
  ['http', undefined],
  ['https', certificate],
])('over %s', (_, tls) => {
  const server = testServer({
    limits: { readsInFlight: inFlight, writesInFlight: inFlight, watches: inFlight },
    ...(tls !== undefined && { tls: tls.serving }),
  })
  const open = () => RawConnection.open(server.url, tls?.authority)
  const request = (line: string, headers: readonly string[] = [], body = '') =>
    `${[`${line} HTTP/1.1`, 'Host: k1s', 'Authorization: Bearer secret', ...headers].join('\r\n')}\r\n\r\n${body}`

  async function exchange(bytes: string): Promise<RawAnswer | undefined> {
    const connection = await open()
    connection.write(bytes)
    const answer = await connection.answer()
    connection.destroy()
    return answer
  }

  /** The server works, and no request that was cut off counts as one in flight. */
  async function checkIntact(): Promise<void> {
    const watches = await Promise.all(Array.from({ length: inFlight }, open))
    for (const watch of watches) watch.write(request(`GET ${collection}?watch=1`))
    for (const watch of watches) expect((await watch.answer())?.code).toBe(200)
    const codes = await Promise.all(
      Array.from({ length: inFlight }, async (_, index) => {
        const body = JSON.stringify({ metadata: { name: `intact-${index}` } })
        const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`]
        const created = await exchange(request(`POST ${collection}`, lines, body))
        const read = await exchange(request(`GET ${collection}/intact-${index}`))
        const deleted = await exchange(request(`DELETE ${collection}/intact-${index}`))
        return [created?.code, read?.code, deleted?.code]
      }),
    )
    for (const watch of watches) watch.destroy()
    expect(new Set(codes.map(String))).toEqual(new Set(['201,200,200']))
  }

  async function send(generated: { bytes: Buffer; isHead: boolean; isComplete: boolean }): Promise<void> {
    const connection = await open()
    connection.write(generated.bytes)
    if (generated.isComplete) {
      const answer = await connection.answer(generated)
      if (answer === undefined) throw new Error('the connection was closed without an answer')
    } else {
      connection.end()
      await connection.closed()
    }
    for (const answer of connection.answers(generated)) {
      check(answer, generated.isHead, generated.bytes.includes('/openapi/v'))
    }
    connection.destroy()
    // Taken out, so that only the request at fault fails.
    expect([...server.errors.splice(0), ...unhandled.splice(0)]).toEqual([])
  }

  test('every complete request is answered, and no request harms the server', async () => {
    await fc.assert(fc.asyncProperty(malformedRequest, send), { numRuns: runs, verbose: 1 })
    await checkIntact()
  })

  test('who says that no more will come still gets the answer', async () => {
    const connection = await open()
    connection.write(request(`GET ${collection}`))
    connection.end()
    expect((await connection.answer())?.code).toBe(200)
  })

  test('requests of a pipeline are answered in their order, and what is none of HTTP after them', async () => {
    const connection = await open()
    const paths = ['/version', `${collection}?limit=1`, '/nowhere']
    connection.write(`${paths.map((path) => request(`GET ${path}`)).join('')}garbage\r\n\r\n`)
    await connection.closed()
    const answers = connection.answers()
    expect(answers.map(({ code }) => code)).toEqual([200, 200, 404, 400])
    for (const answer of answers) check(answer)
  })

  test.each([20_000, 20_010])(
    'a watch with a body, of %i bytes, ends when its client leaves',
    async (length) => {
      const connection = await open()
      const line = `GET ${collection}?watch=1`
      connection.write(request(line, [`Content-Length: ${length}`], '['.repeat(20_000)))
      expect((await connection.answer())?.code).toBe(200)
      connection.end()
      await connection.closed()
    },
  )

  test('garbage on the connection of a watch ends the watch first', async () => {
    const connection = await open()
    connection.write(request(`GET ${collection}?watch=1`))
    await connection.answer()
    connection.write('garbage\r\n\r\n')
    await connection.closed()
    expect(connection.answers().map(({ code, isWhole }) => [code, isWhole])).toEqual([
      [200, true],
      [400, true],
    ])
  })

  test('a body of 100 MB is refused before it is sent, and is not asked for', async () => {
    for (const expectation of [[], ['Expect: 100-continue']]) {
      const connection = await open()
      const lines = ['Content-Type: application/json', `Content-Length: ${100 * megabyte}`, ...expectation]
      connection.write(request(`POST ${collection}`, lines))
      const answer = await connection.answer()
      expect(answer?.code).toBe(413)
      check(answer!)
      expect(connection.received).not.toContain('100 Continue')
      connection.destroy()
    }
  })

  test.each([
    ['a body of unknown length that does not end', 413, 'Bearer secret', 'Transfer-Encoding: chunked'],
    [
      'a body that does not end, of a client that is not known',
      401,
      'Bearer wrong',
      'Transfer-Encoding: chunked',
    ],
    ['100 MB of a client that is not known', 401, 'Bearer wrong', `Content-Length: ${100 * megabyte}`],
  ])('%s is answered with %i, and costs the client its connection', async (_, code, token, framing) => {
    const connection = await open()
    const lines = ['Host: k1s', `Authorization: ${token}`, 'Content-Type: application/json', framing]
    connection.write(`POST ${collection} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    const content = Buffer.alloc(64 * 1024, 'x')
    const chunk = framing.startsWith('Transfer')
      ? Buffer.concat([Buffer.from('10000\r\n'), content, Buffer.from('\r\n')])
      : content
    let sent = 0
    while (!connection.isClosed && sent < 100 * megabyte) {
      sent += chunk.length
      await connection.writeAndDrain(chunk)
    }
    await connection.closed()
    // What the system keeps between the two adds to what the server reads.
    expect(sent).toBeLessThan(30 * megabyte)
    expect(connection.answers().map((answer) => answer.code)).toEqual([code])
    check(connection.answers()[0]!)
  })

  test('a client that has to be asked for its body is asked when it is known', async () => {
    const body = JSON.stringify({ metadata: { name: 'asked' } })
    const lines = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Expect: 100-continue']
    const connection = await open()
    connection.write(request(`POST ${collection}`, lines))
    await connection.until(() => connection.received.includes('100 Continue'), '100 Continue')
    connection.write(body)
    expect((await connection.answer())?.code).toBe(201)
    connection.destroy()

    const stranger = await open()
    stranger.write(request(`POST ${collection}`, lines).replace('secret', 'wrong'))
    expect((await stranger.answer())?.code).toBe(401)
    expect(stranger.received).not.toContain('100 Continue')
    stranger.destroy()
  })

  test('clients that leave in the middle of anything leave nothing behind', async () => {
    const body = JSON.stringify({ metadata: { name: 'left' }, data: { text: 'x'.repeat(200_000) } })
    const write = request(
      `PUT ${collection}/left?fieldManager=t`,
      ['Content-Type: application/json', `Content-Length: ${body.length}`],
      body,
    )
    const texts = [
      write,
      write.slice(0, 1000),
      request(`GET ${collection}`),
      request(`GET ${collection}?watch=1`),
    ]
    for (let round = 0; round < 10; round++) {
      const connections = await Promise.all(Array.from({ length: 16 }, open))
      for (const [index, connection] of connections.entries()) {
        connection.write(texts[index % texts.length]!)
        // Before it is read, while it is answered, and when it is answered.
        setTimeout(() => (index % 3 === 0 ? connection.reset() : connection.destroy()), index % 8)
      }
      await Promise.all(connections.map((connection) => connection.gone()))
    }
    await checkIntact()
  })

  test('none of this was an error of the server', () => {
    expect(server.errors).toEqual([])
    expect(unhandled).toEqual([])
  })
})

describe('short limits', () => {
  const server = testServer({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } })
  const start = 'GET /version HTTP/1.1\r\nHost: k1s\r\nAuthorization: Bearer secret\r\n'

  /** Sends a byte now and then until the server has had enough. */
  async function trickle(connection: RawConnection): Promise<void> {
    const timer = setInterval(() => connection.write('x'), 50)
    await connection.closed()
    clearInterval(timer)
  }

  test('headers and bodies that come too slowly end with 408', async () => {
    const texts = [
      start,
      `${start.replace('GET /version', `POST ${collection}`)}Content-Length: 1000\r\n\r\n{`,
    ]
    await Promise.all(
      texts.map(async (text) => {
        const connection = await RawConnection.open(server.url)
        connection.write(text)
        await trickle(connection)
        const answers = connection.answers()
        expect(answers.map(({ code }) => code)).toEqual([408])
        check(answers[0]!)
      }),
    )
  })

  test('a body that trickles after its request was refused adds no second answer', async () => {
    const connection = await RawConnection.open(server.url)
    connection.write('POST / HTTP/1.1\r\nHost: k1s\r\nContent-Length: 1000\r\n\r\n')
    await trickle(connection)
    expect(connection.answers().map(({ code }) => code)).toEqual([401])
  })

  test('a thousand connections that say nothing, or half of something, do not stand in the way', async () => {
    const connections = await Promise.all(Array.from({ length: 1000 }, () => RawConnection.open(server.url)))
    for (const [index, connection] of connections.entries()) if (index % 2 === 0) connection.write(start)
    const response = await server.send('GET', '/version')
    expect(response.status).toBe(200)
    await Promise.all(
      connections.filter((_, index) => index % 2 === 0).map((connection) => connection.closed()),
    )
    for (const connection of connections) connection.destroy()
  })

  test('none of this was an error of the server', () => {
    expect(server.errors).toEqual([])
    expect(unhandled).toEqual([])
  })
})

describe('few connections', () => {
  const server = testServer({ limits: { connections: 3 } })

  test('one too many is closed', async () => {
    const connections = await Promise.all(Array.from({ length: 3 }, () => RawConnection.open(server.url)))
    const oneMore = await RawConnection.open(server.url)
    await oneMore.closed()
    expect(oneMore.received).toBe('')
    for (const connection of connections) connection.destroy()
  })
})
