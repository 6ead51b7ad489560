import { gzipSync } from 'node:zlib'
import { isNotFound, type Status, StatusError } from '@k1s/apimachinery'
import { type ConnectionError, fixedCredentials, HttpTransport, isConnectionError } from '@k1s/core/http'
import { describe, expect, test } from 'vitest'
import { answerJson, configMap, createA, getA, listAll, scriptedServer } from './scripted-server.ts'

async function failure(promise: Promise<unknown>): Promise<StatusError> {
  const error = await promise.then(
    (value) => new Error(`no failure: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof StatusError)) throw error
  return error
}

async function connectionFailure(promise: Promise<unknown>): Promise<ConnectionError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isConnectionError(error)) throw error
  return error
}

describe('a request', () => {
  test('says who asks, in whose name, and what it can read', async () => {
    let headers: NodeJS.Dict<string | string[]> = {}
    const { transport } = await scriptedServer(
      (request, response) => {
        headers = request.headersDistinct
        answerJson(response, configMap('a', 1))
      },
      { userAgent: 'gardener/1.0' },
      {
        credentials: fixedCredentials({ authorization: 'Bearer secret' }),
        impersonate: {
          name: 'jäne',
          uid: '7',
          groups: ['one', 'two'],
          extra: { 'example.com/Scope%': ['read', 'write'] },
        },
      },
    )
    await transport.request(getA)
    expect(headers).toMatchObject({
      accept: ['application/json'],
      'accept-encoding': ['gzip'],
      authorization: ['Bearer secret'],
      'user-agent': ['gardener/1.0'],
      'impersonate-uid': ['7'],
      'impersonate-group': ['one', 'two'],
      'impersonate-extra-example.com%2fscope%25': ['read', 'write'],
    })
    expect(Buffer.from(String(headers['impersonate-user']), 'latin1').toString()).toBe('jäne')
  })

  test('goes to paths below that of the server', async () => {
    const { seen, url } = await scriptedServer((_, response) => answerJson(response, configMap('a', 1)))
    for (const path of ['/tenants/blue', '/tenants/blue/']) {
      const transport = new HttpTransport({ server: url + path })
      await transport.request(getA)
      transport.close()
    }
    const expected = 'GET /tenants/blue/api/v1/namespaces/default/configmaps/a'
    expect(seen).toEqual([expected, expected])
  })

  test('with a timeout tells the server so', async () => {
    const { seen, transport } = await scriptedServer(
      (_, response) => answerJson(response, { kind: 'ConfigMapList', metadata: {}, items: [] }),
      { requestTimeoutMs: 1500 },
    )
    await transport.request({ ...listAll, options: { limit: 5 } })
    expect(seen).toEqual(['GET /api/v1/namespaces/default/configmaps?limit=5&timeout=1500ms'])
  })

  test('to a server without a scheme is sent in the clear; a path needs one', async () => {
    const { url } = await scriptedServer((_, response) => answerJson(response, configMap('a', 1)))
    const transport = new HttpTransport({ server: url.slice('http://'.length) })
    expect((await transport.request(getA)).code).toBe(200)
    transport.close()
    expect(() => new HttpTransport({ server: 'localhost:80/tenants/a' })).toThrow(
      'host must be a URL or a host:port pair: "localhost:80/tenants/a"',
    )
    expect(() => new HttpTransport({ server: 'http://' })).toThrow('host must be a URL or a host:port pair')
  })
})

describe('an answer', () => {
  test('that is compressed is read', async () => {
    const { transport } = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(gzipSync(JSON.stringify(configMap('a', 1, { data: { x: 'ü'.repeat(100_000) } }))))
    })
    const { body } = await transport.request(getA)
    expect(body).toMatchObject({ data: { x: 'ü'.repeat(100_000) } })
  })

  test('is not compressed if that is not wanted', async () => {
    let encoding: unknown
    const { transport } = await scriptedServer(
      (request, response) => {
        encoding = request.headers['accept-encoding']
        answerJson(response, configMap('a', 1))
      },
      {},
      { disableCompression: true },
    )
    await transport.request(getA)
    expect(encoding).toBeUndefined()
  })

  test('gives the texts of its warnings, several in a header, and not those that are malformed', async () => {
    const { transport } = await scriptedServer((_, response) => {
      response.setHeader('warning', [
        '299 - "one"',
        '299 - "a \\"quoted\\" one", 299 agent "with a date" "Wed, 21 Oct 2015 07:28:00 GMT", 299 - "last"',
        '299 - "open',
        'no warning at all',
        Buffer.from('299 - "ünïcode"').toString('latin1'),
      ])
      answerJson(response, configMap('a', 1))
    })
    expect((await transport.request(getA)).warnings).toEqual([
      'one',
      'a "quoted" one',
      'with a date',
      'last',
      'ünïcode',
    ])
  })

  test('items of a list that do not say what they are get the kind of the list', async () => {
    const { transport } = await scriptedServer((_, response) =>
      answerJson(response, {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '5' },
        items: [{ metadata: { name: 'a' } }],
      }),
    )
    expect((await transport.request(listAll)).body).toMatchObject({
      items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
    })
  })

  test('with objects in place of a Table becomes one of names and ages', async () => {
    let accept: unknown
    const { transport } = await scriptedServer((request, response) => {
      accept = request.headers.accept
      answerJson(response, {
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '5' },
        items: [configMap('a', 1)],
      })
    })
    const { body } = await transport.request({ ...listAll, options: { as: 'Table' } })
    expect(accept).toBe(
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
    )
    expect(body).toMatchObject({
      kind: 'Table',
      metadata: { resourceVersion: '5' },
      columnDefinitions: [{ name: 'Name' }, { name: 'Age' }],
      rows: [{ cells: ['a', '<unknown>'], object: { kind: 'PartialObjectMetadata' } }],
    })
  })

  test('with a Table of v1beta1 is a Table; objects in place of metadata lose their content', async () => {
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1beta1',
      metadata: {},
      columnDefinitions: [],
      rows: [],
    }
    const { transport } = await scriptedServer((request, response) =>
      answerJson(
        response,
        request.headers.accept?.includes('as=Table') ? table : configMap('a', 1, { data: {} }),
      ),
    )
    const { body } = await transport.request({ ...listAll, options: { as: 'Table' } })
    expect(body).toEqual({ ...table, apiVersion: 'meta.k8s.io/v1' })
    const partial = await transport.request({ ...getA, options: { as: 'PartialObjectMetadata' } })
    expect(partial.body).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: configMap('a', 1).metadata,
    })
  })

  test('that is no JSON, empty, or no object is told so', async () => {
    const bodies = ['<html>', '', '[]']
    const { transport } = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(bodies.shift())
    })
    await expect(transport.request(getA)).rejects.toThrow(
      'the server answered with text/html that is not JSON',
    )
    await expect(transport.request(getA)).rejects.toThrow(
      '0-length response with status code: 200 and content type: text/html',
    )
    await expect(transport.request(getA)).rejects.toThrow(
      'the server answered with JSON that is not an object',
    )
  })

  test('that breaks off in the middle is an error, and is not asked for again', async () => {
    const { seen, transport } = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
      response.write('{"kind":')
      setTimeout(() => response.destroy(), 10)
    })
    await expect(transport.request(getA)).rejects.toThrow(
      'unexpected error when reading response body. Please retry. Original error: unexpected EOF',
    )
    expect(seen).toHaveLength(1)
  })
})

describe('a failure', () => {
  const forbidden: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'configmaps "a" is forbidden: no',
    reason: 'Forbidden',
    details: { name: 'a', kind: 'configmaps' },
    code: 403,
  }

  test('is the StatusError of its Status, whatever the code of the answer', async () => {
    const codes = [403, 500, 200]
    const { transport } = await scriptedServer((_, response) =>
      answerJson(response, forbidden, codes.shift()),
    )
    for (let each = 0; each < 3; each++)
      expect((await failure(transport.request(getA))).status).toEqual(forbidden)
  })

  // Messages and reasons are those of apierrors.NewGenericServerResponse.
  test.each([
    ['GET', 404, '', 'NotFound', 'the server could not find the requested resource (get configmaps a)'],
    ['POST', 409, '', 'AlreadyExists', 'the server reported a conflict (post configmaps)'],
    ['GET', 409, '', 'Conflict', 'the server reported a conflict (get configmaps a)'],
    [
      'GET',
      401,
      '',
      'Unauthorized',
      'the server has asked for the client to provide credentials (get configmaps a)',
    ],
    ['GET', 403, 'go away\n', 'Forbidden', 'go away (get configmaps a)'],
    [
      'GET',
      405,
      '',
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource (get configmaps a)',
    ],
    [
      'GET',
      406,
      '',
      'NotAcceptable',
      'the server was unable to respond with a content type that the client supports (get configmaps a)',
    ],
    ['GET', 415, 'no text', 'UnsupportedMediaType', 'no text (get configmaps a)'],
    [
      'GET',
      422,
      '',
      'Invalid',
      'the server rejected our request due to an error in our request (get configmaps a)',
    ],
    [
      'GET',
      429,
      '',
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later (get configmaps a)',
    ],
    [
      'GET',
      418,
      '',
      '',
      'the server responded with the status code 418 but did not return more information (get configmaps a)',
    ],
    [
      'GET',
      500,
      'it "broke"',
      'InternalError',
      'an error on the server ("it \\"broke\\"") has prevented the request from succeeding (get configmaps a)',
    ],
    [
      'GET',
      503,
      '',
      'ServiceUnavailable',
      'the server is currently unable to handle the request (get configmaps a)',
    ],
    [
      'GET',
      504,
      '',
      'Timeout',
      'the server was unable to return a response in the time allotted, but may still be processing the request (get configmaps a)',
    ],
  ])(
    'of %s that is no Status, with code %d and text "%s", is %s',
    async (method, code, text, reason, message) => {
      const { transport } = await scriptedServer((_, response) => {
        response.writeHead(code, { 'content-type': 'text/plain' })
        response.end(text)
      })
      const { status } = await failure(transport.request(method === 'POST' ? createA : getA))
      expect(status).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        code,
        ...(reason !== '' && { reason }),
        message,
        details: {
          kind: 'configmaps',
          ...(method === 'GET' && { name: 'a' }),
          causes: [{ reason: 'UnexpectedServerResponse', ...(text !== '' && { message: text.trim() }) }],
        },
      })
    },
  )

  test('of a page of HTML is not cited beyond 2048 bytes, and of other types not at all', async () => {
    const types = ['text/html', 'image/png']
    const { transport } = await scriptedServer((_, response) => {
      response.writeHead(500, { 'content-type': types.shift() })
      response.end('x'.repeat(5000))
    })
    expect((await failure(transport.request(getA))).message).toContain(`("${'x'.repeat(2048)}")`)
    expect((await failure(transport.request(getA))).message).toContain('("unknown")')
  })
})

describe('is sent again', () => {
  test.each([429, 500, 503])('what is answered with %d and Retry-After', async (code) => {
    let times = 0
    const { transport } = await scriptedServer((_, response) => {
      times++
      if (times === 3) return answerJson(response, configMap('a', 1), 201)
      response.writeHead(code, { 'retry-after': '0' })
      response.end('later')
    })
    expect((await transport.request(createA)).code).toBe(201)
  })

  test('ten times and no more', async () => {
    const { seen, transport } = await scriptedServer((_, response) => {
      response.writeHead(429, { 'retry-after': '0' })
      response.end()
    })
    const { reason } = await failure(transport.request(getA))
    expect([reason, seen.length]).toEqual(['TooManyRequests', 11])
  })

  test('nothing without Retry-After, or with a date in it', async () => {
    const answers = [{}, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }]
    const { seen, transport } = await scriptedServer((_, response) => {
      response.writeHead(503, answers.shift())
      response.end()
    })
    await failure(transport.request(getA))
    await failure(transport.request(getA))
    expect(seen).toHaveLength(2)
  })

  test('a GET whose connection broke, and no other method', async () => {
    let times = 0
    const { seen, transport } = await scriptedServer((request, response) => {
      times++
      if (times === 2) answerJson(response, configMap('a', 1))
      else request.socket.destroy()
    })
    expect((await transport.request(getA)).code).toBe(200)
    expect((await connectionFailure(transport.request(createA))).message).toMatch(
      /^Post "http:\/\/127\.0\.0\.1:\d+\/api\/v1\/namespaces\/default\/configmaps": (EOF|read: connection reset by peer)$/,
    )
    expect(seen).toHaveLength(3)
  })

  test('what is refused with 401, once, if there are other credentials by then', async () => {
    const tokens = ['old', 'new']
    const sent: unknown[] = []
    const { transport } = await scriptedServer(
      (request, response) => {
        sent.push(request.headers.authorization)
        if (request.headers.authorization === 'Bearer new') answerJson(response, configMap('a', 1))
        else answerJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 401 }, 401)
      },
      {},
      {
        credentials: {
          current: async () => ({ authorization: `Bearer ${tokens[0]}` }),
          refused: async () => tokens.shift() === 'old',
        },
      },
    )
    expect((await transport.request(createA)).code).toBe(200)
    expect(sent).toEqual(['Bearer old', 'Bearer new'])
  })
})

describe('without an answer', () => {
  test('nobody listens: it says what kubectl reads its message from', async () => {
    const { server, url, transport } = await scriptedServer(() => {})
    server.close()
    const error = await connectionFailure(transport.request(getA))
    const host = url.slice('http://'.length)
    expect(error.message).toBe(
      `Get "${url}/api/v1/namespaces/default/configmaps/a": dial tcp ${host}: connect: connection refused`,
    )
    expect(error).toMatchObject({ refused: true, method: 'GET' })
  })

  test('there is no such host', async () => {
    const transport = new HttpTransport({ server: 'http://nothing.invalid:6443' }, { env: {} })
    const { reason, refused } = await connectionFailure(transport.request(getA))
    expect(reason).toMatch(/^dial tcp: lookup nothing\.invalid: (no such host|server misbehaving)$/)
    expect(refused).toBe(false)
  })

  test('a request takes longer than it may, to its first byte or to its last', async () => {
    const { transport } = await scriptedServer(
      (request, response) => {
        if (request.url?.includes('/a?')) return
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{')
      },
      { requestTimeoutMs: 30 },
    )
    for (const request of [getA, listAll]) {
      const { reason } = await connectionFailure(transport.request(request))
      expect(reason).toBe('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')
    }
  })

  test('a request is aborted: it fails with the reason, also while it waits to be sent again', async () => {
    const { transport } = await scriptedServer((request, response) => {
      if (!request.url?.endsWith('/a')) response.writeHead(429, { 'retry-after': '600' }).end()
    })
    for (const request of [getA, listAll]) {
      const abort = new AbortController()
      setTimeout(() => abort.abort(new Error('enough')), 20)
      await expect(transport.request({ ...request, signal: abort.signal })).rejects.toThrow('enough')
    }
  })

  test('the transport is closed', async () => {
    const { transport } = await scriptedServer(() => {})
    const waiting = transport.request(getA)
    setTimeout(() => transport.close(), 20)
    await expect(waiting).rejects.toThrow(/^the connection to http:\/\/127\.0\.0\.1:\d+\/ has been closed$/)
    await expect(transport.request(getA)).rejects.toThrow('has been closed')
  })

  test('a server that does not speak HTTP', async () => {
    const { server, transport } = await scriptedServer(() => {})
    server.on('connection', (socket) => socket.end('hello\n'))
    await connectionFailure(transport.request(createA))
  })
})

test('many requests may share a signal', async () => {
  const warnings: unknown[] = []
  const onWarning = (warning: Error) => warnings.push(warning.message)
  process.on('warning', onWarning)
  const { transport } = await scriptedServer((_, response) => answerJson(response, configMap('a', 1)))
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 30 }, () => transport.request({ ...getA, signal })))
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})

test('connections are used again', async () => {
  const { server, transport } = await scriptedServer((_, response) => answerJson(response, configMap('a', 1)))
  let connections = 0
  server.on('connection', () => connections++)
  for (let each = 0; each < 5; each++) await transport.request(getA)
  expect(connections).toBe(1)
})

test('results of requests are counted, each attempt for itself, as of when they are asked for', async () => {
  let times = 0
  const { transport, url } = await scriptedServer((request, response) => {
    times++
    if (times === 1) response.writeHead(429, { 'retry-after': '0' }).end()
    else if (times === 2) request.socket.destroy()
    else answerJson(response, configMap('a', 1))
  })
  expect(transport.requestResults()).toEqual([])
  await transport.request(getA)
  const results = transport.requestResults()
  await transport.request(getA)
  const ofGet = { method: 'GET', host: new URL(url).host }
  expect(results).toEqual([
    { ...ofGet, code: '429', count: 1 },
    { ...ofGet, code: '<error>', count: 1 },
    { ...ofGet, code: '200', count: 1 },
  ])
  expect(transport.requestResults()).toContainEqual({ ...ofGet, code: '200', count: 2 })
})

test('an error of a missing object is recognised', async () => {
  const { transport } = await scriptedServer((_, response) => response.writeHead(404).end())
  expect(isNotFound(await failure(transport.request(getA)))).toBe(true)
})
