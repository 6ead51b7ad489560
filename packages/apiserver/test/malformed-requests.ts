import fc from 'fast-check'

/** A request that may be no HTTP, or no request that anybody should send. */
export interface MalformedRequest {
  readonly bytes: Buffer
  readonly isHead: boolean
  /** Whether all has been said that the request announces: only then is there always an answer. */
  readonly isComplete: boolean
}

const word = fc.constantFrom(
  'a',
  'default',
  'configmaps',
  'v1',
  'é',
  '😀',
  '\u0000',
  '-',
  '9999999999999999999999',
)
const hostileText = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '../',
    '%00',
    '%zz',
    '%',
    '%c3%28',
    '\\',
    '"',
    "'",
    '$',
    '<script>',
    'null',
    '[]',
    '{}',
    'true',
  ),
  fc.integer({ min: 1, max: 3000 }).map((length) => 'x'.repeat(length)),
)

const segment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('api', 'apis', 'v1', 'namespaces', 'default', 'configmaps', 'events', 'a'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'watch',
      'status',
      'scale',
      'finalize',
      'apps',
      'apiextensions.k8s.io',
      'customresourcedefinitions',
      'tenants',
      'openapi',
      'v2',
      'v3',
      'healthz',
      'readyz',
      'metrics',
      'version',
      '__proto__',
      'constructor',
      'toString',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '..',
      '.',
      '',
      '%2e%2e',
      '%2f',
      '%5c',
      '%00',
      '%zz',
      '%',
      '%e9',
      '%ff%fe',
      '%F0%9F%98%80',
      '*',
      '~',
      ';a=b',
      ':a',
      'a%2fb',
      'a%0d%0ab',
      'é',
      'a b',
      'x'.repeat(254),
      'x'.repeat(5000),
      '%41'.repeat(500),
    ),
  },
)

const path = fc.oneof(
  { weight: 8, arbitrary: fc.array(segment, { maxLength: 8 }).map((segments) => `/${segments.join('/')}`) },
  { weight: 4, arbitrary: segment.map((name) => `/api/v1/namespaces/default/configmaps/${name}`) },
  { weight: 3, arbitrary: fc.constant('/api/v1/namespaces/default/configmaps') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '*',
      '',
      '//',
      '///api/v1',
      'http://k1s/api/v1/configmaps',
      'https://k1s',
      'http://',
      'http://[::1',
      'ftp://a/b',
      'api/v1',
      '?',
      '/?',
      '/#a',
      '/api/v1/configmaps#a',
      '/tenants',
      '/tenants/',
      '/tenants//api',
      '/tenants/../api/v1',
      '/tenants/%2e%2e/api',
      '/tenants/A_B/api/v1/configmaps',
      `/${'a/'.repeat(2000)}`,
      `/${'x'.repeat(60_000)}`,
      `/${'x'.repeat(100_000)}`,
      '/api\\v1',
      'k1s:443',
      '/livez/%00',
      '/openapi/v3/..%2f..',
    ),
  },
)

const parameterName = fc.constantFrom(
  'watch',
  'resourceVersion',
  'resourceVersionMatch',
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'timeoutSeconds',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
  'pretty',
  'includeObject',
  'verbose',
  'exclude',
  'timeout',
  '__proto__',
  'constructor',
  'x',
)
const parameterValue = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '9223372036854775807',
    '9223372036854775808',
    '99999999999999999999999',
    'true',
    'false',
    'TRUE',
    'yes',
    'All',
    'all',
    'Strict',
    'Warn',
    'Exact',
    'NotOlderThan',
    'Orphan',
    'Foreground',
    'a=b',
    'a!=b',
    'a in (b,c)',
    'a in (',
    '!a',
    'a==',
    '=',
    ',',
    ',,',
    'metadata.name=a',
    'metadata.name',
    'spec.__proto__=a',
    '%00',
    '%zz',
    '%',
    '%ff',
    '+',
    '%20',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ',
    'a'.repeat(9000),
  ),
  hostileText.map(encodeURIComponent),
)
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 5,
    arbitrary: fc
      .array(fc.tuple(parameterName, parameterValue), { minLength: 1, maxLength: 4 })
      .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '?&&', '?=', '??', `?${'a&'.repeat(3000)}`, '?watch', '?limit&limit=1'),
  },
)

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'get',
      'FOO',
      'G',
      '',
      'GET GET',
      'X'.repeat(500),
      'PRI',
    ),
  },
)

const header = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'Accept: application/json',
      'Accept: */*',
      'Accept: application/yaml',
      'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      'Accept: application/vnd.kubernetes.protobuf',
      'Accept: text/html',
      'Accept: ,;=,,/;;',
      'Accept: a/b;q=;q=x',
      'Accept: application/json;as=Nonsense;v=v9;g=x',
      `Accept: ${'a/b,'.repeat(2000)}`,
      'Accept: ',
      'Accept: application/json;stream=watch',
      'Accept: application/json;as=Table;v=v1beta1;g=meta.k8s.io',
      'Accept-Encoding: gzip;q=zzz',
      'Accept-Encoding: gzip',
      'User-Agent: curl/8',
      `User-Agent: ${'a/'.repeat(500)}`,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Impersonate-User: a',
      'Impersonate-Group: b',
      'Impersonate-Extra-%zz: c',
      'Impersonate-User: ',
      'If-None-Match: "a"',
      'Connection: close',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Upgrade: h2c',
      'Upgrade: SPDY/3.1',
      'TE: trailers',
      'Expect: 100-continue',
      'Expect: 200-ok',
      'Range: bytes=0-1',
      'X-Forwarded-For: a',
      'Host: other',
      'Host: a b',
      'Authorization: Basic YTpi',
      'Authorization: Bearer',
      'Authorization: Bearer wrong',
      'Authorization: Bearer \u00ff',
      'Cookie: a=b',
      'Content-Encoding: gzip',
      'Content-Type: x',
      'Trailer: a',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'no colon',
      ': empty',
      'a b: c',
      'X-Null: a\u0000b',
      'X-Line: a\nSet-Cookie: b',
      'X-Return: a\rb',
      ' folded: a',
      '\tfolded',
      `X-Long: ${'x'.repeat(100_000)}`,
      'X-Latin: \u00e9\u00ff',
      'X-Control: \u0007',
      '__proto__: a',
      'constructor: a',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 3000 })
      .map((count) => Array.from({ length: count }, (_, index) => `X-${index}: y`).join('\r\n')),
  },
)

const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+cbor',
  'text/plain',
  'application/json;charset=utf-16',
  ';',
  '',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'APPLICATION/JSON ; a="',
)

const validObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'b' } }
const aliases = Array.from(
  { length: 30 },
  (_, index) =>
    `a${index}: &a${index} [${
      index === 0
        ? 'x'
        : Array(9)
            .fill(`*a${index - 1}`)
            .join(',')
    }]`,
).join('\n')
const jsonValue = fc.jsonValue({ maxDepth: 4 })

const body = fc.oneof(
  { weight: 3, arbitrary: fc.constant(Buffer.from(JSON.stringify(validObject))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'apiVersion',
          'kind',
          'metadata',
          'data',
          'binaryData',
          'immutable',
          'status',
          '__proto__',
        ),
        jsonValue,
      )
      .map(([field, value]) =>
        Buffer.from(
          JSON.stringify(validObject).replace('{', `{${JSON.stringify(field)}:${JSON.stringify(value)},`),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          'name',
          'namespace',
          'labels',
          'finalizers',
          'ownerReferences',
          'managedFields',
          'uid',
          'resourceVersion',
          'creationTimestamp',
          'generateName',
        ),
        jsonValue,
      )
      .map(([field, value]) =>
        Buffer.from(JSON.stringify({ ...validObject, metadata: { name: 'a', [field]: value } })),
      ),
  },
  { weight: 2, arbitrary: jsonValue.map((value) => Buffer.from(JSON.stringify(value))) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.record({
          op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
          path: fc.constantFrom(
            '',
            '/',
            '/data/a',
            '/metadata/name',
            '/data/-',
            '/~2',
            'a',
            '/__proto__/a',
            '/metadata/labels/0',
          ),
          from: fc.constantFrom('', '/data', '/x'),
          value: jsonValue,
        }),
        { maxLength: 4 },
      )
      .map((patch) => Buffer.from(JSON.stringify(patch))),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([Buffer.from('k8s\0'), bytes])),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '',
        '{',
        '[',
        '"',
        '{}',
        '[]',
        'null',
        '1',
        '"a"',
        'tru',
        '{"a":1}{"b":2}',
        '{"a":',
        '\ufeff{}',
        '{"a":1,"a":2}',
        '[',
        '--- a\n--- b',
        'a: [',
        'a: &a [*a]',
        '*unknown',
        '!!js/function a',
        'a: !!binary zz',
        '? a\n: b',
        '\t',
        '%YAML 9.9',
      )
      .map((text) => Buffer.from(text)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        '['.repeat(20_000),
        '{"a":'.repeat(20_000),
        `${'['.repeat(5000)}${']'.repeat(5000)}`,
        `{"metadata":${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}}`,
        aliases,
        `${'- '.repeat(3000)}a`,
        `{${'"a":1,'.repeat(20_000)}"b":2}`,
        '1'.repeat(50_000),
        `"${'\\u0041'.repeat(20_000)}"`,
        '"\ud800"',
        `a: ${'{b: '.repeat(2000)}`,
      )
      .map((text) => Buffer.from(text)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      Buffer.from('c328', 'hex'),
      Buffer.from('efbbbf7b7d', 'hex'),
    ),
  },
)

type Framing =
  | 'none'
  | 'length'
  | 'chunked'
  | 'short'
  | 'long'
  | 'negative'
  | 'noLength'
  | 'twoLengths'
  | 'both'
  | 'badChunk'
  | 'noEnd'
  | 'hugeChunk'
  | 'otherEncoding'

const framing = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Framing>('length', 'length', 'chunked', 'none') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Framing>(
      'short',
      'long',
      'negative',
      'noLength',
      'twoLengths',
      'both',
      'badChunk',
      'noEnd',
      'hugeChunk',
      'otherEncoding',
    ),
  },
)

const complete: ReadonlySet<Framing> = new Set<Framing>(['none', 'length', 'chunked'])

function framed(framing: Framing, content: Buffer): { lines: readonly string[]; body: Buffer } {
  const length = `Content-Length: ${content.length}`
  const chunk = Buffer.concat([
    Buffer.from(`${content.length.toString(16)}\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
  const chunked = 'Transfer-Encoding: chunked'
  const lastChunk = Buffer.from('0\r\n\r\n')
  switch (framing) {
    case 'none':
      return { lines: [], body: Buffer.alloc(0) }
    case 'length':
      return { lines: [length], body: content }
    case 'chunked':
      return { lines: [chunked], body: content.length === 0 ? lastChunk : Buffer.concat([chunk, lastChunk]) }
    case 'short':
      return { lines: [`Content-Length: ${Math.floor(content.length / 2)}`], body: content }
    case 'long':
      return { lines: [`Content-Length: ${content.length + 10}`], body: content }
    case 'negative':
      return { lines: ['Content-Length: -1'], body: content }
    case 'noLength':
      return { lines: ['Content-Length: abc'], body: content }
    case 'twoLengths':
      return { lines: [length, 'Content-Length: 1'], body: content }
    case 'both':
      return { lines: [length, chunked], body: content }
    case 'badChunk':
      return { lines: [chunked], body: Buffer.concat([Buffer.from('zz\r\n'), content]) }
    case 'noEnd':
      return { lines: [chunked], body: chunk }
    case 'hugeChunk':
      return { lines: [chunked], body: Buffer.concat([Buffer.from('ffffffffffffffffff\r\n'), content]) }
    case 'otherEncoding':
      return { lines: ['Transfer-Encoding: gzip, identity'], body: content }
  }
}

const version = fc.oneof(
  { weight: 30, arbitrary: fc.constant('HTTP/1.1') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '', 'HTTP/1.1 x'),
  },
)

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
